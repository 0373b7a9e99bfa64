// What the page's files call the things that they pass to one another. For tsc alone: nothing of this is sent.

/** A number of a node; or what the kernel writes of one that is no plain number; or null where there is none. */
type Cell = number | Special | null;
interface Special { sign?: number; text: string; title: string; words: string; cells?: [codes: string, texts: string[]] }

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
  digits?: number;
  results?: number[];
  others?: number[][];
}

/** A graph as cgviz/live/serialization.py writes it. */
interface Structure { nodes: GraphNode[]; shown: number[]; tex?: string[]; opened?: [number: number, name: string][] }

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
  marks?: Mark[];
  dim?: boolean;
  notes?: Record<number, string>;
  words?: Record<number, string>;
  look?: number;
  edges?: string;
  flow?: Flow;
  said?: string;
}

/** How a view opens, as cgviz/live/opening.py has checked it: all of it may be left out. */
interface Opening { tool?: string; at?: number; first?: number; hide: string; zoom?: number; edges?: string }
/** What goes along edges in a step: which way, how long it takes where it runs, and what stands in slots until it arrives. */
interface Flow { way: string; run: boolean; time: number; moves: Carried[]; holds: [key: string, slot: Slot][] }

/** What goes along one edge: its text at the beginning and at the end, and what it is multiplied by. */
interface Carried { key: string; start: string; end: string; by?: string }

/** An edge of the picture: its local derivative, and what flows back along it. */
interface EdgeNumbers { key: string; source: number; user: number; position: number; local: number; flow: number }

/** A piece of a sentence, and a formula that was read from some: `inside` its parentheses, and whether it begins with a minus. */
interface TextPiece { kind: string; text: string }
interface Typeset { node: Element; inside?: Element; negative?: boolean }

/** What can be done with the picture: see tools.js. */
interface Tool {
  name: string;
  hint: string;
  group?: string;
  icon?: string;
  open(view: View, panel: HTMLElement): void;
  able?(view: View): void;
  update?(view: View): Shown | undefined | void;
  pick?(view: View, i: number): void;
  key?(view: View, key: string): boolean;
  begin?(view: View, opening: Opening): void;
  close?(view: View): void;
  restart?(view: View): void;
  watch?(view: View): void;
  ours?(): boolean;
  keeps?: boolean;
}

/** A tool as the toolbar has it: `asks` says whether a click on a node is for it, `refusal` why it can do nothing with a graph. */
interface OfferedTool extends Tool { asks(): boolean; refusal(view: View): string }

/** What the page is made of, as the classes themselves have it. */
type View = import("../../cgviz/live/static/view.js").View;
type Graph = import("../../cgviz/live/static/graph.js").Graph;
type Picture = import("../../cgviz/live/static/picture.js").Picture;
type Places = import("../../cgviz/live/static/places.js").Places;
type Inputs = import("../../cgviz/live/static/inputs.js").Inputs;
type Toolbar = import("../../cgviz/live/static/toolbar.js").Toolbar;
type Past = import("../../cgviz/live/static/past.js").Past;
type Edges = import("../../cgviz/live/static/edges.js").Edges;
type Marks = import("../../cgviz/live/static/marks.js").Marks;
type Program = import("../../cgviz/live/static/program.js").Program;
type Folds = import("../../cgviz/live/static/folds.js").Folds;
type Plot = import("../../cgviz/live/static/plot.js").Plot;

/** Where a notebook or a page puts a view: the model, and the element. */
interface Host { model: WidgetModel; el: HTMLElement }

/** A slider of the notebook, or of a page of its own: the place where it stands is its value. */
interface Slider extends WidgetModel { widen?(x: number): void; calm?: boolean; choices?: number[] }

/** An input of a view: its slider, the box beside it, and what the page knows of them. */
interface Input {
  name: string;
  slider: Slider;
  box: any; // a WidgetModel, if there is one
  start: number; // what "reset" goes back to
  place: any; // where the slider stands, a number once it is known
  number: any; // the number that this place means, likewise
  choices?: any; // the numbers among which it chooses, and what they are called
  labels?: any;
  heard?: number; // the number that those who listen know
  ahead?: boolean; // whether the kernel has not yet heard of the move
  loose?: boolean; // whether it has no widgets
  echoing?: boolean;
  act?: any; // what listens: to the slider, to its box, and for a slider of the page's own
  echo?: any;
  show?: any;
  shown?: any[][]; // the widgets and events that a slider of the page's own follows
}

/** What is lit in the picture: the kind of the elements, their key, and the style, if it is a special one. */
type Mark = [kind: string, key: string | number, style?: string];

/** A slot of the picture: its elements, what stands in them, and what is to stand in them. */
interface Place { texts: Text[]; backs: Element[]; titles: Element[]; written: any; now?: any }

/** A backward pass with a mistake: the name of a node, the uses, the first node to be wrong, and the gradients as they should be and are. */
interface Broken {
  name(i: number): string;
  uses: Use[];
  i: number;
  right: number[];
  wrong: number[];
  first: number[]; // after the first of two passes
  pushed: number[]; // what each node's gradient was when it passed it on
}

/** A table that is written in place. */
interface Table { box: HTMLElement; fill(lines: string[][]): HTMLCollection }

/** A widget's model, that of a notebook or that of a page of its own. */
interface WidgetModel {
  get(name: string): any;
  set(name: string, value: any, options?: any): any;
  on(event: string, act: (...given: any[]) => void): void;
  off(event: string, act: (...given: any[]) => void): void;
  save_changes(): void;
  [more: string]: any;
}

/** Where the inputs stood, and what was unfolded. */
interface Setting { numbers: Record<string, number>; opened: number[] }

/** An axis of a plot. */
interface Axis { low: number; high: number; name?: string; log?: boolean }

/** The steps of a descent: of each the point, the value and the gradient; and why they ended, if they did. */
interface Walk { rows: number[][]; ended: string }

declare var cgviz: any;
