// Bundles the program into dist/: one small entry, and chunks that are loaded when a command needs them. Writes the licences
// of what is in them beside it.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build, transform } from 'esbuild';

const CLIENT = resolve('node_modules/@kubernetes/client-node/dist');

/** Modules of packages that are loaded in part, for what is never called costs as much at every start as what is. */
const PARTS = {
  // Of client-node the kubeconfig and its logins: the thousand models of the API stay out.
  '@kubernetes/client-node': {
    from: CLIENT,
    contents: `export { KubeConfig } from './config.js'; export { HttpMethod, RequestContext } from './gen/http/http.js';`,
  },
  './gen/index.js': {
    from: join(CLIENT, 'gen'),
    contents: `export { createConfiguration } from './configuration.js'; export { ServerConfiguration } from './servers.js';`,
  },
  // Commander would load it for commands that are programs of their own; there are none.
  'node:child_process': {
    importer: /node_modules.commander/,
    contents: `export default { spawn: (...given) => process.getBuiltinModule('node:child_process').spawn(...given) };`,
  },
};

const inParts = {
  name: 'in parts',
  setup(building) {
    building.onResolve({ filter: /^(@kubernetes\/client-node|\.\/gen\/index\.js|node:child_process)$/ }, (asked) => {
      const { importer } = PARTS[asked.path];
      if (importer !== undefined && !importer.test(asked.importer)) return undefined;
      return { path: asked.path, namespace: 'part' };
    });
    building.onLoad({ filter: /.*/, namespace: 'part' }, ({ path }) => {
      const { contents, from } = PARTS[path];
      return { contents, resolveDir: from };
    });
  },
};

const { version } = JSON.parse(await readFile('package.json', 'utf8'));
await rm('dist', { recursive: true, force: true });
const { metafile, outputFiles } = await build({
  entryPoints: ['src/main.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node22.19',
  format: 'esm',
  // Names stay: a stack can then be read, and nothing has to put them back at every start.
  minifyWhitespace: true,
  minifySyntax: true,
  define: { VERSION: JSON.stringify(version), 'import.meta.dirname': '__dirname' },
  plugins: [inParts],
  metafile: true,
  legalComments: 'none',
  logLevel: 'warning',
  write: false,
});
await mkdir('dist');
await writeFile('dist/package.json', '{ "type": "commonjs" }\n');
await Promise.all(outputFiles.map(asCommonJs));
await writeFile('THIRD-PARTY-LICENSES', await licencesOf(metafile));

/** The bundler splits ES modules only, of which Node takes a third longer to start than of CommonJS. */
async function asCommonJs({ path, text }) {
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: 'node22.19',
    supported: { 'dynamic-import': false },
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
  });
  await writeFile(path, code);
}

/** The licence texts of all packages of which something is in the bundle. */
async function licencesOf({ outputs }) {
  const inputs = Object.values(outputs).flatMap((output) => Object.keys(output.inputs));
  const folders = inputs.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]);
  const packages = await Promise.all(
    [...new Set(folders)]
      .filter(Boolean)
      .toSorted((a, b) => a.localeCompare(b))
      .map(licenceOf),
  );
  return `dupgrade has parts of these packages in it.\n\n${packages.join('\n\n')}\n`;
}

async function licenceOf(folder) {
  const about = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((each) => /^(licen[cs]e|copying)/i.test(each));
  const text = file === undefined ? `Licence: ${about.license}` : (await readFile(join(folder, file), 'utf8')).trim();
  return `${'-'.repeat(80)}\n${about.name} ${about.version} (${about.license})\n\n${text}`;
}
