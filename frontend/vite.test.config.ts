import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { defineConfig } from "vite";

const src = resolve(import.meta.dirname, "src");

/** Every *.test.ts under src, compiled for Node's own test runner. */
const tests = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".test.ts"));

export default defineConfig({
  build: {
    ssr: true,
    outDir: "node_modules/.cache/tests",
    emptyOutDir: true,
    rolldownOptions: {
      input: Object.fromEntries(tests.map((name) => [name.replace(/[/\\]/g, "-").slice(0, -3), join(src, name)])),
      output: { entryFileNames: "[name].js" },
    },
  },
});
