import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: [".venv/", "my-lessons/", "node_modules/"] },
  js.configs.recommended,
  {
    files: ["cgviz/live/static/**/*.js"],
    languageOptions: { globals: globals.browser },
    rules: {
      "no-unused-vars": ["error", { ignoreRestSiblings: true, args: "after-used", argsIgnorePattern: "^(_|all$|g$|y$)" }],
      "no-var": "error",
      "prefer-const": ["error", { destructuring: "all" }],
      eqeqeq: ["error", "always"],
      "no-implicit-coercion": "off",
    },
  },
  { files: ["cgviz/live/static/ops.js"], rules: { eqeqeq: "off", "no-unused-vars": "off" } }, // written from the rows
  { files: ["tests/page/**/*.mjs"], languageOptions: { globals: globals.node } },
];
