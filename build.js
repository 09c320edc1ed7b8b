// Bundles the program into dist/: one small entry, and chunks that are loaded when a command needs them.
import { readFile, rm } from 'node:fs/promises';
import { build } from 'esbuild';

const { version } = JSON.parse(await readFile('package.json', 'utf8'));
await rm('dist', { recursive: true, force: true });
await build({
  entryPoints: ['src/main.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node22.19',
  format: 'esm',
  minify: true,
  define: { VERSION: JSON.stringify(version) },
  keepNames: true,
  legalComments: 'none',
  logLevel: 'warning',
  // Some bundled packages are CommonJS and ask for Node's own modules with require().
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
});
