/** What is no text, given as a file or through a pipe to the program as a person runs it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCli } from '../support/process.ts';

const folder = mkdtempSync(join(tmpdir(), 'dupgrade-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NOWHERE = { KUBECONFIG: '/nonexistent/kubeconfig', HOME: '/nonexistent', KUBERNETES_SERVICE_HOST: undefined };
const SPEC = 'kind: DeploymentUpgrade\nmetadata: { name: café }\n';

const ended = async (args: readonly string[], input = '') => {
  const cli = runCli(args, { env: NOWHERE, input });
  const { code } = await cli.exit;
  return { code, stdout: cli.stdout, stderr: cli.stderr };
};

const fileWith = (name: string, content: string | Uint8Array): string => {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
};

const wide = (text: string, littleEndian: boolean): Buffer => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return littleEndian ? bytes : bytes.swap16();
};

const CONTENTS: readonly (readonly [string, string | Uint8Array, string])[] = [
  ['UTF-16, little end first', wide(SPEC, true), ':1:1: the file is in UTF-16; save it as plain text in UTF-8'],
  ['UTF-16, big end first', wide(SPEC, false), ':1:1: the file is in UTF-16; save it as plain text in UTF-8'],
  ['UTF-16 without a mark', Buffer.from('kind: x', 'utf16le'), ':1:2: "\\u{0000}" cannot stand in a YAML file'],
  ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]), ':1:1: the file is in UTF-32; save it as plain text'],
  ['Latin-1', Buffer.from(SPEC, 'latin1'), ':2:22: the byte 0xe9 is not UTF-8; save it as plain text in UTF-8'],
  ['half a character at its end', Buffer.from('a: é').subarray(0, 4), ':1:4: the byte 0xc3 is not UTF-8'],
  ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a]), ':1:1: the byte 0x89 is not UTF-8'],
  ['a hundred megabytes', Buffer.alloc(100_000_000, 0x61), ':1:1: the file has more than 196608 bytes; give a file'],
];

describe.each([['start'], ['plan'], ['rehearse'], ['sandbox']])('dupgrade %s', (command) => {
  it.each(CONTENTS)(
    'refuses %s with 2, the place and the way out',
    { timeout: 30_000 },
    async (name, content, said) => {
      const file = fileWith(`${command} ${name}`, content);
      const { code, stdout, stderr } = await ended([command, file]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(`error: ${file}${said}`);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    },
  );

  it('refuses a folder, and what lies below a file', { timeout: 30_000 }, async () => {
    mkdirSync(join(folder, command));
    const below = join(fileWith(`${command}.yaml`, SPEC), 'below');
    for (const file of [join(folder, command), below, join(folder, 'none')]) {
      const { code, stdout, stderr } = await ended([command, file]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      const isStarted = command === 'start' && file === join(folder, command);
      expect(stderr).toMatch(
        isStarted ? /^error: there is no \.yaml or \.yml file in [^\n]*\n$/ : /^error: .* cannot be read: [^\n]*\n$/,
      );
    }
  });

  it('does not read a device to its end that has none', { timeout: 30_000 }, async () => {
    const { code, stderr } = await ended([command, '/dev/zero']);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^error: \/dev\/zero:1:1: the file has more than 196608 bytes; [^\n]*\n$/),
    });
  });
});

describe('dupgrade start', () => {
  it('reads standard input no further than a spec file goes', { timeout: 30_000 }, async () => {
    const { code, stderr } = await ended(['start', '-'], 'x'.repeat(20_000_000));
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^error: <stdin>:1:1: the file has more than 196608 bytes; [^\n]*\n$/),
    });
  });

  it('reads a named pipe, as `start <(envsubst < file)` gives one', { timeout: 30_000 }, async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const run = ended(['start', pipe]);
    writeFileSync(pipe, 'kind: Nothing\n');
    const { code, stderr } = await run;
    expect(code).toBe(2);
    expect(stderr).toContain(`${pipe}:1:7: kind: "Nothing"`);
  });
});
