// Bundles the program into dist/: one small entry, and chunks that are loaded when a command needs them. Writes the licences
// of what is in them beside it. What is the same as before is left alone, since a build may come while the program runs: the
// first `npx dupgrade` in a checkout makes one.
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { build, transform } from 'esbuild';

const CLIENT = resolve('node_modules/@kubernetes/client-node/dist');

/** A way to log in that is loaded for the users that have it, and keeps from then on what it knows. */
const lateLogin = (file, name, provider) => ({
  asked: file,
  from: CLIENT,
  contents: `export class ${name} {
    isAuthProvider(user) { return user.authProvider?.name === '${provider}'; }
    async applyAuthentication(...given) {
      this.login ??= import('${file}').then((module) => new module.${name}());
      return (await this.login).applyAuthentication(...given);
    }
  }`,
});

/**
 * Modules of which a part is enough, by the name under which they are asked for (by an importer): what is never called costs
 * as much at every start as what is.
 */
const PARTS = [
  // Of client-node the kubeconfig and its logins: the thousand models of the API stay out.
  {
    asked: '@kubernetes/client-node',
    from: CLIENT,
    contents: `export { KubeConfig } from './config.js'; export { HttpMethod, RequestContext } from './gen/http/http.js';`,
  },
  // KubeConfig makes no client, is handed JSON, and connects to nothing by itself: kubeconfig-file.ts, login-config.ts.
  {
    asked: './gen/index.js',
    contents: 'export const createConfiguration = undefined, ServerConfiguration = undefined;',
  },
  { asked: './isomorphic-fetch.js', contents: '' },
  { asked: 'js-yaml', contents: 'export const load = JSON.parse;' },
  { asked: 'node:https', importer: /client-node.dist.config/, contents: 'export default undefined;' },
  { asked: 'node:tls', importer: /client-node.dist.config/, contents: 'export default undefined;' },
  { asked: 'socks', contents: 'export const SocksClient = undefined;' },
  { asked: 'socks-proxy-agent', contents: 'export const SocksProxyAgent = undefined;' },
  { asked: 'hpagent', contents: 'export const HttpProxyAgent = undefined, HttpsProxyAgent = undefined;' },
  lateLogin('./oidc_auth.js', 'OpenIDConnectAuth', 'oidc'),
  lateLogin('./azure_auth.js', 'AzureAuth', 'azure'),
  lateLogin('./gcp_auth.js', 'GoogleCloudPlatformAuth', 'gcp'),
  {
    asked: 'node:child_process',
    importer: /client-node.dist.(config|exec_auth)|login-config/,
    contents: `export const spawn = (...given) => process.getBuiltinModule('node:child_process').spawn(...given);
      export default { spawn };`,
  },
  // Of undici the requests, also through a proxy, with HTTP/1.1 and a body that is a text: pools.ts, exchange.ts.
  {
    asked: 'undici',
    from: resolve('node_modules/undici'),
    contents: `import Dispatcher from './lib/dispatcher/dispatcher.js';
      import connect from './lib/api/api-connect.js'; import request from './lib/api/api-request.js';
      Object.assign(Dispatcher.prototype, { connect, request });
      export { default as Agent } from './lib/dispatcher/agent.js';
      export { default as ProxyAgent } from './lib/dispatcher/proxy-agent.js';`,
  },
  { asked: './client-h2.js', contents: '' },
  { asked: '../web/fetch/body.js', contents: '' },
  { asked: '../web/fetch/formdata', contents: '' },
  { asked: '../web/webidl', contents: '' },
  // For commands that are programs of their own; there are none.
  { asked: 'node:child_process', importer: /commander/, contents: 'export default undefined;' },
];

const inParts = {
  name: 'in parts',
  setup(building) {
    building.onResolve({ filter: /.*/ }, ({ path, importer, namespace }) => {
      const index = PARTS.findIndex((part) => part.asked === path && part.importer?.test(importer) !== false);
      return namespace === 'part' || index === -1 ? undefined : { path: String(index), namespace: 'part' };
    });
    building.onLoad({ filter: /.*/, namespace: 'part' }, ({ path }) => {
      const { contents, from } = PARTS[Number(path)];
      return { contents, resolveDir: from };
    });
  },
};

const { version } = JSON.parse(await readFile('package.json', 'utf8'));
const { metafile, outputFiles } = await build({
  // The second is what a thread runs.
  entryPoints: { main: 'src/main.ts', thread: 'src/threads/thread.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node22.19',
  format: 'esm',
  // Names stay: a stack can then be read, and nothing has to put them back at every start.
  minifyWhitespace: true,
  minifySyntax: true,
  define: {
    VERSION: JSON.stringify(version),
    'import.meta.dirname': '__dirname',
    'import.meta.filename': '__filename',
    esbuildDetection: 'true',
  },
  plugins: [inParts],
  metafile: true,
  legalComments: 'none',
  logLevel: 'warning',
  write: false,
});
await mkdir('dist', { recursive: true });
await put('dist/package.json', '{ "type": "commonjs" }\n');
await Promise.all(outputFiles.map(async ({ path, text }) => put(path, await asCommonJs(text))));
await put('THIRD-PARTY-LICENSES', await licencesOf(metafile));
const made = new Set(['package.json', ...outputFiles.map(({ path }) => basename(path))]);
for (const file of await readdir('dist')) if (!made.has(file)) await rm(join('dist', file), { recursive: true });

/** Writes a file, whole at every moment, where it is not what it should be already. */
async function put(path, text) {
  const before = await readFile(path, 'utf8').catch(() => undefined);
  if (before === text) return;
  const unfinished = `${path}.${process.pid}`;
  await writeFile(unfinished, text);
  await rename(unfinished, path);
}

/** The bundler splits ES modules only, of which Node takes a third longer to start than of CommonJS. */
async function asCommonJs(text) {
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: 'node22.19',
    supported: { 'dynamic-import': false },
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
  });
  return code;
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
