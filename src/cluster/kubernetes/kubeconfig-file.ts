import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { parseDocument } from 'yaml';
import { ClusterError } from '../port.ts';
import { isJson, type Json } from './json.ts';
import { clause } from './plain.ts';
import { codeOf } from './trouble.ts';

/** Reads one kubeconfig. Entries that are incomplete are left out, as long as nobody asks for them. */
export const readKubeconfigFile = (file: string): KubeConfig => {
  const text = textOf(file);
  const document = parseDocument(text);
  const fault = document.errors[0];
  if (fault !== undefined) {
    // Its message quotes the file, which holds credentials.
    const line = fault.linePos === undefined ? '' : ` in line ${fault.linePos[0].line}`;
    throw broken(file, `its YAML has a fault${line} (${fault.code.toLowerCase().replaceAll('_', ' ')})`);
  }
  const raw: unknown = document.toJS();
  if (!isJson(raw)) throw broken(file, 'it holds no kubeconfig');
  const directory = dirname(resolve(file));
  const config = new KubeConfig();
  try {
    config.loadFromString(JSON.stringify(withOwnWays(raw, directory)), { onInvalidEntry: 'filter' });
  } catch (error) {
    throw broken(file, clause(error instanceof Error ? error.message : 'it cannot be understood'));
  }
  config.makePathsAbsolute(directory);
  return config;
};

const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const why = codeOf(error) === 'ENOENT' ? 'there is no such file' : `it cannot be read (${codeOf(error)})`;
    throw broken(file, why);
  }
};

const broken = (file: string, why: string): ClusterError =>
  new ClusterError('unreachable', `The kubeconfig ${file} is of no use: ${why}.`);

/** What kubectl takes from a kubeconfig and client-node 2.0.1 does not. */
const withOwnWays = (raw: Json, directory: string): Json => {
  const users: unknown = raw['users'];
  if (!Array.isArray(users)) return raw;
  return {
    ...raw,
    users: users.map((entry: unknown) =>
      isJson(entry) && isJson(entry['user']) ? { ...entry, user: userOf(entry['user'], directory) } : entry,
    ),
  };
};

const userOf = (user: Json, directory: string): Json => {
  const { tokenFile, exec } = user;
  // client-node reads a token's file anew every minute, but only if it is named in this way.
  const fromFile = typeof tokenFile === 'string' && {
    token: undefined,
    'auth-provider': { name: 'tokenFile', config: { tokenFile: resolve(directory, tokenFile) } },
  };
  return { ...user, ...fromFile, ...(isJson(exec) && { exec: withCommandPath(exec, directory) }) };
};

/** A plugin's command with a slash in it is a path from the kubeconfig's folder; without one it is looked for on the PATH. */
const withCommandPath = (exec: Json, directory: string): Json => {
  const { command } = exec;
  if (typeof command !== 'string' || !/[/\\]/.test(command) || isAbsolute(command)) return exec;
  return { ...exec, command: resolve(directory, command) };
};
