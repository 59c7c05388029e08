import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

const built = resolve(import.meta.dirname, "../chuangwei/web/shared/static/built");

/** Lays a .gz beside every text file: the application server sends it as it is, and nothing is compressed twice. */
function compressed(): Plugin {
  return {
    name: "compressed",
    closeBundle() {
      for (const name of readdirSync(built)) {
        if (/\.(js|css|svg|json)$/.test(name)) {
          const body = readFileSync(join(built, name));
          if (body.length > 1000) writeFileSync(join(built, `${name}.gz`), gzipSync(body, { level: 9 }));
        }
      }
    },
  };
}

type Node = [tag: string, attributes: Record<string, string>];

/** Writes the strokes of the icons the pages draw in place (src/icons.json names them), out of Tabler's drawings. */
function icons(): Plugin {
  return {
    name: "icons",
    writeBundle() {
      const read = <T>(path: string): T => JSON.parse(readFileSync(resolve(import.meta.dirname, path), "utf8")) as T;
      const drawings = read<Record<string, Node[]>>("node_modules/@tabler/icons/tabler-nodes-outline.json");
      const named = read<string[]>("src/icons.json").map((name) => {
        const drawing = drawings[name];
        if (!drawing) throw new Error(`src/icons.json names an icon Tabler does not have: ${name}`);
        return [name, drawing.map(([, attributes]) => attributes.d)];
      });
      writeFileSync(join(built, "icons.json"), JSON.stringify(Object.fromEntries(named)));
    },
  };
}

export default defineConfig({
  // Relative addresses: the files work wherever the installation mounts them.
  base: "./",
  publicDir: false,
  plugins: [icons(), compressed()],
  build: {
    outDir: built,
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "chrome87",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // ECharts alone is larger than the default limit, and it is only fetched by a page that draws.
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      input: { main: resolve(import.meta.dirname, "src/main.ts") },
      output: {
        entryFileNames: "[name]-[hash:8].js",
        chunkFileNames: "[name]-[hash:8].js",
        assetFileNames: "[name]-[hash:8][extname]",
      },
    },
  },
});
