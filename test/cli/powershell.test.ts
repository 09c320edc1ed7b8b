import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Language, Parser } from 'web-tree-sitter';

const ROOT = join(import.meta.dirname, '../..');

/** The first piece of a script that PowerShell's grammar has no place for. */
const faultIn = async (script: string): Promise<string | undefined> => {
  await Parser.init();
  const parser = new Parser();
  parser.setLanguage(
    await Language.load(join(ROOT, 'node_modules/tree-sitter-powershell/tree-sitter-powershell.wasm')),
  );
  const root = parser.parse(script)?.rootNode;
  if (root === undefined) return 'nothing could be read';
  const [fault] = root.descendantsOfType('ERROR');
  return fault?.text ?? (root.hasError ? 'something is missing' : undefined);
};

it('the completions for PowerShell are a script of PowerShell, which is not at hand to run them', async () => {
  const script = readFileSync(join(ROOT, 'completions/dupgrade.powershell'), 'utf8');
  expect(await faultIn(script)).toBeUndefined();
  // The grammar sees that a brace is missing.
  expect(await faultIn(script.replace('}', ''))).toBeDefined();
});
