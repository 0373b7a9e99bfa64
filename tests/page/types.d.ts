// What the page's files call the things that they pass to one another. For tsc alone: nothing of this is sent.

/** A number of a node; or what the kernel writes of one that is no plain number; or null where there is none. */
type Cell = number | Special | null;
interface Special { text: string; title: string; words: string }

/** A piece of a formula: its text, and how tightly it binds. */
type Piece = [text: string, binds: number];

/** A node as cgviz/live/serialization.py writes it. */
interface GraphNode {
  name: string;
  kind: string;
  op: string;
  row: string;
  operands: number[];
  grad: boolean;
  head: string;
  called: Piece;
  locals?: Piece[];
  fails: [what: string, needs: string, came: [string, number][], asked: [string, number][]];
  named?: boolean;
  places?: number[];
  group?: number;
  results?: number[];
}

/** A graph as cgviz/live/serialization.py writes it. */
interface Structure { nodes: GraphNode[]; shown: number[]; tex?: string[]; opened?: [number: number, name: string][] }

/** What computes a whole graph of which the picture shows a part: see program.js. */
interface Program {
  run(numbers: Record<string, number>): Float64Array;
  gradients(): Float64Array;
  show(all: Float64Array, graph: { nodes: GraphNode[], shown: number[] }): Cell[];
  leaves: Record<string, number>;
}

/** One use of a node by another, on the way of a backward pass. */
interface Use {
  source: number;
  user: number;
  position: number;
  place?: number;
  upstream: number;
  local: number;
  product: number;
  before: number;
  after: number;
  first: boolean;
  complete: boolean;
}

/** What a step of one size shows: the slopes across, to the right and to the left, and what rounding can do to a difference of values. */
interface Step { h: number; central: number; right: number; left: number; noise: number; bend: number; bends: boolean }

/** The slope of a function at a point, as it is seen by small steps; `unsure` is how far it may be off. */
interface Slope { slope: number; h: number; unsure: number; left: number; right: number; kind: string; steps: Step[]; scale: number }

/** An operation: its rule, a derivative rule for each operand, how it is written and how tightly it binds. */
interface Operation { f: (...xs: number[]) => number; d: ((...xs: number[]) => number)[]; text: string; binds: number }

/** What stands in a slot: its text, its style, and the full text or how to find it. */
type Slot = [text: string, style: string, title: string | (() => string)];

/** The numbers of a graph: by index, what is stale by index as well. */
interface Numbers { data: Cell[]; grad: Cell[]; stale?: Record<number, string> }

/** What an open tool wants to be shown in place of the numbers; all of it may be left out. */
interface Shown extends Partial<Numbers> {
  slots?: Record<string, Slot>;
  captions?: Record<number, string>;
  marks?: [kind: string, key: string | number, style?: string][];
  dim?: boolean;
  notes?: Record<number, string>;
  words?: Record<number, string>;
  look?: number;
  said?: string;
}

/** What can be done with the picture: see tools.js. */
interface Tool {
  name: string;
  hint: string;
  open(view: any, panel: HTMLElement): void;
  update?(view: any): any; // what is shown, or nothing
  pick?(view: any, i: number): void;
  key?(view: any, key: string): boolean;
  close?(view: any): void;
  restart?(view: any): void;
  watch?(view: any): void;
  ours?(): boolean;
  asks?(): boolean;
}

/** A widget's model, that of a notebook or that of a page of its own. */
interface WidgetModel {
  get(name: string): any;
  set(name: string, value: any, options?: any): any;
  on(event: string, act: (...given: any[]) => void): void;
  off(event: string, act: (...given: any[]) => void): void;
  save_changes(): void;
  [more: string]: any;
}

/** An axis of a plot. */
interface Axis { low: number; high: number; name?: string; log?: boolean }

/** The steps of a descent: of each the point, the value and the gradient; and why they ended, if they did. */
interface Walk { rows: number[][]; ended: string }

declare var cgviz: any;
