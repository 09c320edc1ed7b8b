import { printable, printableJson } from './printable.ts';

/** What is shown for `-o json` and `-o yaml`: the value as it is, every character of it printable. */
export const renderStructured = async (value: unknown, format: 'json' | 'yaml'): Promise<string> => {
  const json = printableJson(value, 2);
  if (format === 'json') return `${json}\n`;
  // Only double-quoted scalars can hold escapes.
  const quoted = /\\[bfrtu]/.test(json);
  const given: unknown = JSON.parse(json);
  const style = quoted ? ({ defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' } as const) : {};
  const { yamlText } = await import('./yaml-text.ts');
  return printable(yamlText(given, { lineWidth: 0, ...style }));
};
