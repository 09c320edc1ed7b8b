import { escaped } from './markup.ts';

/** Light and dark, as the reader's system is; nothing is loaded from anywhere. */
const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --text: #1c2024; --dim: #60646c; --rule: #d9d9e0;
  --main: #2563eb; --grey: #c2570c; --ready: #1c2024; --pods: #8b8d98; --floor: #ce2c31; --gpus: #7c3aed; }
@media (prefers-color-scheme: dark) { :root { --ground: #16181d; --text: #edeef0; --dim: #9ba1a6; --rule: #363a3f;
  --main: #70a5ff; --grey: #ff9a57; --ready: #edeef0; --pods: #777b84; --floor: #ff6369; --gpus: #b59aff; } }
body { margin: 2rem auto; max-width: 62rem; padding: 0 1rem; background: var(--ground); color: var(--text);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0 0 1rem; } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
.scroll { overflow-x: auto; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.5rem; margin: 0; }
dt { color: var(--dim); } dd { margin: 0; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .2rem 1.2rem .2rem 0; border-bottom: 1px solid var(--rule); white-space: nowrap; }
th { color: var(--dim); font-weight: 500; } tr.current td { font-weight: 600; }
/* In a narrow window a picture is moved, and its figures stay large enough to be read. */
figure { margin: 0; overflow-x: auto; } svg { width: 100%; min-width: 40rem; height: auto; display: block; }
figcaption { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; color: var(--dim); }
.key::before { content: ''; display: inline-block; width: 1.2em; height: .2em; margin-right: .4em; vertical-align: .25em;
  background: var(--color); }
svg text { fill: var(--dim); font-size: 12px; } .grid { stroke: var(--rule); stroke-width: 1; }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; }
.main { stroke: var(--main); --color: var(--main); } .grey { stroke: var(--grey); --color: var(--grey); }
.ready { stroke: var(--ready); --color: var(--ready); stroke-width: 2.5; }
.pods { stroke: var(--pods); --color: var(--pods); stroke-width: 1.5; }
.floor { stroke: var(--floor); --color: var(--floor); stroke-width: 1.5; stroke-dasharray: 5 4; }
.gpus { stroke: var(--gpus); --color: var(--gpus); }
.moment { fill: transparent; stroke: none; } .moment:hover { fill: var(--rule); fill-opacity: .5; }
.stall { fill: var(--floor); fill-opacity: .12; --color: var(--floor); }
.run { stroke: var(--main); stroke-opacity: .5; }
`;

/** A page that needs nothing but itself: no script, no font and no picture from elsewhere. */
export const page = (title: string, sections: readonly string[]): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="dupgrade">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
${sections.join('\n')}
</body>
</html>
`;
