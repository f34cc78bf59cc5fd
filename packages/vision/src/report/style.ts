/**
 * Style sheet of reports: light and dark as the reader prefers, one column on a phone, ink-saving on paper.
 * What is cut off at an edge and can be scrolled to has a shadow there, which what lies at the end covers.
 * Fonts are the reader's own, so that the file stays small.
 */
export const REPORT_STYLE = `
:root{color-scheme:light dark;--page:#f6f8fa;--card:#ffffff;--text:#1f2328;--muted:#59636e;--line:#d1d9e0;--accent:#0072b2;--shade:#59636e59}
@media screen and (prefers-color-scheme:dark){:root{--page:#0d1117;--card:#151b23;--text:#f0f6fc;--muted:#9198a1;--line:#3d444d;--accent:#58a6d6;--shade:#9198a159}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.55 Inter,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:break-word}
main{max-width:88rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 .5rem;letter-spacing:-.01em}
h2{font-size:1.25rem;margin:2.75rem 0 1rem}
p{margin:.5rem 0;max-width:50rem}
.lead{color:var(--muted);font-size:1.1rem}
.numbers{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:1rem;margin:1rem 0}
.numbers div,.chart,.table{background:var(--card);border:1px solid var(--line);border-radius:.6rem}
.numbers div{padding:1rem 1.1rem}
dl{margin:0}
dt{color:var(--muted);font-size:.85rem}
dd{margin:0}
dd.value{font-size:1.7rem;font-weight:650;line-height:1.3;font-variant-numeric:tabular-nums}
dd.note{color:var(--muted);font-size:.85rem}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,38rem),1fr));gap:1rem;margin:1rem 0;align-items:start}
.chart{overflow-x:auto;max-width:54rem}
.chart svg{display:block;width:100%;min-width:34rem;height:auto}
.chart,.table{background:linear-gradient(to right,var(--card) 40%,transparent) local 0 0/2.5rem 100% no-repeat,linear-gradient(to left,var(--card) 40%,transparent) local 100% 0/2.5rem 100% no-repeat,linear-gradient(to right,var(--shade),transparent) 0 0/.9rem 100% no-repeat,linear-gradient(to left,var(--shade),transparent) 100% 0/.9rem 100% no-repeat,var(--card)}
.chart svg>rect:first-of-type{fill:none}
.table{overflow-x:auto;margin:1rem 0;width:fit-content;max-width:100%}
table{border-collapse:collapse;font-size:.92rem}
caption{caption-side:top;text-align:left;color:var(--muted);padding:.7rem .9rem .3rem}
caption span{position:sticky;left:.9rem;display:inline-block;max-width:min(60rem,100vw - 5rem)}
th,td{padding:.45rem .9rem;text-align:left;border-top:1px solid var(--line);vertical-align:top}
thead th{border-top:0;font-weight:600;white-space:nowrap}
caption+thead th{border-top:1px solid var(--line)}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
thead button{all:unset;cursor:pointer;font-weight:600}
thead button:focus-visible{outline:2px solid var(--accent);outline-offset:3px}
thead button::after{content:"\\2195";color:var(--line);margin-left:.35em}
[aria-sort=ascending] button::after{content:"\\2191";color:var(--accent)}
[aria-sort=descending] button::after{content:"\\2193";color:var(--accent)}
.tip{position:fixed;z-index:9;pointer-events:none;background:var(--text);color:var(--page);padding:.35rem .6rem;border-radius:.4rem;font-size:.85rem;max-width:22rem;white-space:pre-line}
details{margin:1rem 0}
summary{cursor:pointer;color:var(--accent)}
.pictures{display:grid;grid-template-columns:repeat(auto-fill,minmax(8.5rem,1fr));gap:.9rem;margin:1rem 0}
figure{margin:0}
.pictures img{display:block;width:100%;border-radius:.4rem;border:1px solid var(--line)}
figcaption{font-size:.82rem;color:var(--muted);margin-top:.3rem}
footer{margin-top:3rem;color:var(--muted);font-size:.85rem}
@media (max-width:40rem){main{padding:1.5rem 1rem 3rem}h1{font-size:1.5rem}th,td{padding:.4rem .6rem}table{width:max-content;max-width:48rem}}
@media print{.tip{display:none}thead button::after{content:none}.chart svg{min-width:0}:root{--page:#fff}main{max-width:none;padding:0}.chart,.table,.numbers div,figure{break-inside:avoid}h2{break-after:avoid}}
`;
