#include "exporters/page/style.hpp"

#include "exporters/page/page.hpp"

namespace danewatch::page {
namespace {

// Colours have a contrast of at least 4.5 to their ground in both schemes; nothing is said by colour alone.
constexpr std::string_view style_text = R"css(
:root{--ground:#fff;--ink:#1b1f24;--faint:#57606a;--line:#d0d7de;--panel:#f6f8fa;--link:#0550ae;
--good:#116329;--good-bg:#dafbe1;--warn:#7d4e00;--warn-bg:#fff3c4;--bad:#a40e26;--bad-bg:#ffe3e0;--info:#0550ae;--info-bg:#ddf4ff;
--unknown:#4b535d;--unknown-bg:#eaeef2}
@media (prefers-color-scheme:dark){:root{--ground:#0d1117;--ink:#e6edf3;--faint:#9ba6b2;--line:#3d444d;--panel:#161b22;--link:#79c0ff;
--good:#7ee787;--good-bg:#12361f;--warn:#f0c060;--warn-bg:#3b2a05;--bad:#ffa198;--bad-bg:#4c1014;--info:#79c0ff;--info-bg:#0c2d4d;
--unknown:#b6c0cb;--unknown-bg:#2a313a}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:72rem;padding:1rem;background:var(--ground);color:var(--ink);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.5rem;margin:.2rem 0}h2{font-size:1.2rem;margin:1.6rem 0 .4rem}h3{font-size:1rem;margin:.8rem 0 .2rem}
p{margin:.3rem 0}a{color:var(--link)}ol,ul{padding-left:1.4rem}
code,pre{font:.875rem/1.5 ui-monospace,monospace}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;background:var(--ground);padding:.5rem}
.badge{display:inline-block;padding:0 .5rem;border-radius:.6rem;border:1px solid currentColor;white-space:nowrap}
.good{color:var(--good);background:var(--good-bg)}.warn{color:var(--warn);background:var(--warn-bg)}
.bad{color:var(--bad);background:var(--bad-bg)}.info{color:var(--info);background:var(--info-bg)}
.unknown{color:var(--unknown);background:var(--unknown-bg)}
.faint{color:var(--faint)}
.problem{border:1px solid currentColor;border-radius:.4rem;padding:.4rem .8rem;margin:.4rem 0}
.targets{list-style:none;padding:0;margin:0}
.card{border:1px solid var(--line);border-left-width:.4rem;border-radius:.4rem;padding:.6rem .8rem;margin:.6rem 0;background:var(--panel)}
.card.edge-bad{border-left-color:var(--bad)}.card.edge-warn{border-left-color:var(--warn)}.card.edge-good{border-left-color:var(--good)}
.card.edge-unknown{border-left-color:var(--unknown)}.card.edge-info{border-left-color:var(--info)}
.card h2,.card h3{margin:0;font-size:1.1rem}
.head{display:flex;flex-wrap:wrap;gap:.3rem .8rem;align-items:center}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:.2rem 1.2rem;margin:.4rem 0}
dt{color:var(--faint);font-size:.85rem}dd{margin:0}
.spark{width:10rem;height:1.5rem;margin-left:auto;background:none}
rect.good{fill:var(--good)}rect.warn{fill:var(--warn)}rect.bad{fill:var(--bad)}rect.unknown{fill:var(--faint)}rect.info{fill:var(--info)}
.badge:any-link{text-decoration:none}a.badge:hover{text-decoration:underline}
input,select{font:inherit;padding:.2rem .4rem;min-height:2.2rem;max-width:100%;border:1px solid var(--faint);border-radius:.3rem;background:var(--ground);color:var(--ink)}
.events li{margin:.2rem 0}.lanes{list-style:none;padding:0}.lanes li{margin:.5rem 0}
.lane{display:block;width:100%;height:.9rem;border-bottom:1px solid var(--line)}
path.good{fill:var(--good)}path.warn{fill:var(--warn)}path.bad{fill:var(--bad)}path.unknown{fill:var(--faint)}path.info{fill:var(--info)}
rect.hollow{fill:none;stroke:var(--info);stroke-width:1;vector-effect:non-scaling-stroke}
.scroll{overflow-x:auto;margin:.4rem 0}
table{border-collapse:collapse}caption{text-align:left;color:var(--faint);padding:.2rem 0}
th,td{border:1px solid var(--line);padding:.25rem .5rem;text-align:left;vertical-align:top;overflow-wrap:normal}
th{font-weight:600;background:var(--panel)}td{white-space:nowrap}td.wrap{white-space:normal}
.matrix td{text-align:center}.matrix th[scope=row]{position:sticky;left:0}
td.match{color:var(--good);background:var(--good-bg);font-weight:600}
td.no-match{color:var(--faint);background:var(--ground);font-size:.8rem}
td.missed{color:var(--bad);background:var(--bad-bg);font-weight:600}
td.shadowed{color:var(--warn);background:var(--warn-bg);text-decoration:line-through}
td.unusable{color:var(--bad);background:var(--bad-bg)}
td.unobserved{color:var(--unknown);background:var(--unknown-bg);font-style:italic}
.copy{display:flex;gap:.5rem;align-items:flex-start;margin:.3rem 0}
.copy pre{flex:1;min-width:0;margin:0;padding:.4rem .6rem;border:1px solid var(--line);border-radius:.3rem;background:var(--ground);white-space:pre-wrap;overflow-wrap:anywhere}
button{font:inherit;padding:.3rem .8rem;min-height:2.2rem;border:1px solid var(--faint);border-radius:.3rem;background:var(--panel);color:var(--ink);cursor:pointer}
details{margin:.4rem 0}summary{cursor:pointer;padding:.2rem 0}summary h2{display:inline}
.path{list-style-position:outside}.path li{margin:.4rem 0}
@media (max-width:30rem){body{padding:.6rem}.spark{margin-left:0}.copy{flex-direction:column}.copy pre{width:100%}
table,caption,tbody,tr,th,td{display:block}thead{display:none}tr{margin:.6rem 0}td{white-space:normal}td:empty{display:none}
.matrix th[scope=row]{position:static}.matrix td{text-align:left}td[data-of]::before{content:attr(data-of) ": ";font-weight:400;font-style:normal}}
@media print{.skip,button{display:none}}
)css";

// navigator.clipboard is missing where the page comes over plain HTTP from another machine: then the line is selected
// and copied the old way.
constexpr std::string_view script_text = R"js(
"use strict";
const said = document.getElementById("said");
let used = 0;
for (const event of ["keydown", "pointerdown"]) document.addEventListener(event, () => { used = Date.now(); });
async function copy(button) {
  const code = button.parentElement.querySelector("code");
  try {
    await navigator.clipboard.writeText(code.textContent);
  } catch {
    getSelection().selectAllChildren(code);
    if (!document.execCommand("copy")) { said.textContent = "Selected: copy it with your keyboard."; return; }
  }
  said.textContent = "Copied.";
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = "Copy"; said.textContent = ""; }, 3000);
}
for (const button of document.querySelectorAll(".copy button")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}
const seconds = Number(document.body.dataset.reload);
if (seconds > 0) setInterval(() => {
  const busy = document.hidden || Date.now() - used < 30000 || !getSelection().isCollapsed || document.querySelector("details[open]:not(.unfolded)");
  if (!busy) location.reload();
}, seconds * 1000);
)js";

}  // namespace

const std::string_view content_security_policy =
    "default-src 'none'; style-src 'sha256-c3s49jr+YAqVmDRlwlGxmpQniAcmryEkjA+drCu0PvA='; "
    "script-src 'sha256-wi+6NqBSjTSyJ3AnvZEIXm2DF25YaGr3JjVT/kneZ2U='; img-src data:; base-uri 'none'; form-action "
    "'self'; frame-ancestors 'none'";

std::string_view style() {
  return style_text;
}

std::string_view script() {
  return script_text;
}

}  // namespace danewatch::page
