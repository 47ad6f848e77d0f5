/** The style of a report: one column, light or dark as the reader's system is. */
export const style = `
:root { color-scheme: light dark; --paper: #fbfaf7; --card: #ffffff; --ink: #1d2126; --soft: #626a73; --line: #e2dfd8; --own: #0b7a70; --count: #c2571a; --floor: #8b9199; --oracle: #a99a6b;
  --left: #2f6fb5; --right: #c2571a; --trunk: #3a4149; --phase0: #9ec9c4; --phase1: #0b7a70; --phase2: #d9a441; --phase3: #b5562d; --phase4: #7d6bb0; --phase5: #4b86b4; }
@media (prefers-color-scheme: dark) { :root { --paper: #14171a; --card: #1b1f23; --ink: #e8e6e1; --soft: #9aa2ab; --line: #30363c; --own: #45c1b3; --count: #ee8b4e; --floor: #7b838c; --oracle: #b9a871;
  --left: #74aef0; --right: #ee8b4e; --trunk: #d3d6da; --phase0: #2f5f5a; --phase1: #45c1b3; --phase2: #e0b25a; --phase3: #d97a4e; --phase4: #a394d6; --phase5: #7fb4de; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 48px 28px 96px; }
h1 { font-size: 34px; line-height: 1.15; margin: 0 0 6px; letter-spacing: -.02em; font-weight: 650; }
h2 { font-size: 22px; margin: 56px 0 10px; letter-spacing: -.01em; font-weight: 620; }
h3 { font-size: 16px; margin: 0 0 2px; font-weight: 620; }
p { max-width: 76ch; margin: 8px 0; }
.eyebrow { color: var(--own); font-size: 13px; font-weight: 620; letter-spacing: .04em; margin: 0 0 8px; }
.soft, figcaption, .caption, .note { color: var(--soft); font-size: 13.5px; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr)); gap: 20px; margin-top: 16px; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 18px 20px; overflow: hidden; }
.card svg { width: 100%; height: auto; margin-top: 8px; }
.big { font-size: 38px; font-weight: 640; letter-spacing: -.02em; color: var(--own); line-height: 1.1; font-variant-numeric: tabular-nums; }
.big small { font-size: 14px; color: var(--soft); font-weight: 400; letter-spacing: 0; }
.badge { display: inline-block; font-size: 11.5px; border: 1px solid currentColor; color: var(--count); border-radius: 99px; padding: 0 8px; margin-left: 6px; vertical-align: 1px; white-space: nowrap; }
.badge:first-child { margin-left: 0; }
.warning { border: 2px solid var(--count); border-radius: 12px; padding: 10px 16px; }
.badge.plain { color: var(--soft); }
.table { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 12px; margin-top: 14px; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; font-variant-numeric: tabular-nums; }
th, td { padding: 7px 9px; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); vertical-align: top; }
th:first-child, td:first-child { text-align: left; position: sticky; left: 0; background: var(--card); white-space: normal; min-width: 210px; }
thead th { font-weight: 600; color: var(--soft); font-size: 12.5px; white-space: normal; vertical-align: bottom; }
td b { font-weight: 560; } td.own b { font-weight: 680; } td.own { min-width: 118px; }
thead th.own { color: var(--own); }
tbody tr:last-child td { border-bottom: 0; }
tr.group td { background: var(--paper); color: var(--soft); font-weight: 600; font-size: 12.5px; padding-top: 14px; }
td small { display: block; color: var(--soft); font-size: 10.5px; }
td.own { color: var(--own); }
td.best b { text-decoration: underline; text-decoration-thickness: 2px; text-underline-offset: 3px; }
.player { margin: 16px 0 0; background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 18px 20px; }
.follower + .follower { margin-top: 22px; border-top: 1px solid var(--line); padding-top: 16px; }
.follower-title { display: flex; justify-content: space-between; gap: 16px; font-variant-numeric: tabular-nums; font-size: 14px; }
.follower-title span { color: var(--soft); }
.f0 b { color: var(--own); } .f1 b { color: var(--count); }
.films { display: grid; grid-template-columns: repeat(3, 1fr); gap: 18px; margin-top: 8px; }
.film canvas { width: 100%; display: block; } .film canvas[data-film], .film canvas[data-path] { aspect-ratio: 1; border-radius: 8px; background: var(--paper); }
.film .bar { height: 14px; margin: 6px 0 2px; display: block; }
.controls { display: flex; gap: 14px; align-items: center; margin: 18px 0 6px; }
.controls input { flex: 1; accent-color: var(--own); } .controls output { color: var(--soft); font-size: 13.5px; min-width: 9em; text-align: right; font-variant-numeric: tabular-nums; }
button { font: inherit; font-size: 14px; background: var(--own); color: var(--paper); border: 0; border-radius: 8px; padding: 6px 16px; min-width: 84px; cursor: pointer; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 20px; font-size: 13.5px; margin: 10px 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
code, .mono { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, monospace; font-size: 12px; }
details { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 10px 18px; margin-top: 10px; } summary { cursor: pointer; font-weight: 600; font-size: 14px; }
pre { overflow-x: auto; font-size: 12px; line-height: 1.5; }
a { color: var(--own); }
@media (max-width: 700px) { .films { grid-template-columns: repeat(2, 1fr); } .path { display: none; } main { padding: 28px 16px 64px; } h1 { font-size: 27px; } }
@media print { .controls { display: none; } }
`
