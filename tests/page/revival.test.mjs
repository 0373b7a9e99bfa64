// Widgets that the notebook has made deaf, because they were not ready in time: they hear again, and are told all of it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { reviveAll } from "../../cgviz/live/static/revival.js";

// A widget as anywidget makes them: messages wait until it is ready.
function made(ready, children) {
  class Plain {
    heard = [];
    constructor() {
      this.comm = { sent: [], on_msg: (act) => (this.comm.act = act), send: (message) => this.comm.sent.push(message) };
      this.comm.on_msg((message) => this._handle_comm_msg(message).catch(() => {}));
    }
    get(name) { return name === "children" ? children : undefined; }
    async _handle_comm_msg(message) { this.heard.push(message.content.data.method); }
  }
  class Waiting extends Plain {
    async _handle_comm_msg(message) {
      await ready;
      return super._handle_comm_msg(message);
    }
  }
  return children ? new Plain() : new Waiting();
}

const update = { content: { data: { method: "update" } } };

test("a widget that was ready too late hears again, and asks for what it has missed", async () => {
  const lost = Promise.reject(new Error("Failed to initialize model."));
  lost.catch(() => {});
  const deaf = made(lost);
  await deaf.comm.act(update);
  assert.deepEqual(deaf.heard, []);
  await reviveAll(made(undefined, [made(Promise.resolve()), made(undefined, [deaf])]));
  assert.deepEqual(deaf.comm.sent, [{ method: "request_state" }]);
  await deaf.comm.act(update);
  assert.deepEqual(deaf.heard, ["update"]);
});

test("one that is well is left as it is", async () => {
  const well = made(Promise.resolve());
  const { act } = well.comm;
  await reviveAll(well);
  assert.deepEqual([well.comm.sent, well.comm.act], [[], act]);
});

test("one that is not ready yet may still become so", async () => {
  let come;
  const late = made(new Promise((done) => (come = done)));
  const done = reviveAll(late);
  come();
  await done;
  assert.deepEqual(late.comm.sent, []);
});

test("a view within others finds its own model by the id that it was given", async () => {
  const { default: loader } = await import("../../cgviz/live/static/loader.js");
  const lost = Promise.reject(new Error("Failed to initialize model."));
  lost.catch(() => {});
  const deaf = made(lost);
  const asked = new Promise((done) => (deaf.comm.send = done));
  const seen = { get: (name) => (name === "me" ? "1" : ""), widget_manager: { get_model: async (id) => id === "1" && deaf } };
  loader.render({ model: seen, el: {} }).catch(() => {}); // nothing else is there
  assert.deepEqual(await asked, { method: "request_state" });
});
