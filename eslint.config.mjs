import js from "@eslint/js";
import globals from "globals";

// The files are joined in one scope, where a name at the top of one file would hide the browser's own from all the others.
const ownNames = {
  create: (context) => ({
    "Program:exit"(program) {
      const module = context.sourceCode.scopeManager.acquire(program, true);
      for (const { name, identifiers } of module.variables.filter(({ name }) => name in globals.browser)) {
        context.report({ node: identifiers[0], message: `'${name}' would hide the browser's own from every file that this one is joined with.` });
      }
    },
  }),
};

export default [
  { ignores: [".venv/", "my-lessons/", "node_modules/"] },
  js.configs.recommended,
  {
    files: ["cgviz/live/static/**/*.js"],
    languageOptions: { globals: globals.browser },
    rules: {
      "no-unused-vars": ["error", { ignoreRestSiblings: true, args: "after-used", argsIgnorePattern: "^(_|all$)" }],
      "no-var": "error",
      "prefer-const": ["error", { destructuring: "all" }],
      eqeqeq: ["error", "always"],
    },
  },
  { files: ["cgviz/live/static/*.js"], plugins: { page: { rules: { "own-names": ownNames } } }, rules: { "page/own-names": "error" } },
  { files: ["cgviz/live/static/ops.js"], rules: { eqeqeq: "off", "no-unused-vars": "off" } }, // written from the rows
  { files: ["tests/page/**/*.mjs", "tests/agreement/*.mjs"], languageOptions: { globals: globals.node } },
];
