// Runs in a page whose own scripts do not: reads what is drawn, hides addresses, marks words, measures. No word of the
// page is changed but for addresses, which become black; marks are painted over it and move nothing.
(() => {
  // A form's fields and the names of pictures stand in the way of properties; what the browser itself has is asked for.
  const native = (kind, name) => {
    const found = Object.getOwnPropertyDescriptor(kind.prototype, name);
    return found.get ? (it) => found.get.call(it) : (it, ...given) => found.value.call(it, ...given);
  };
  const childNodes = native(Node, "childNodes"), nodeType = native(Node, "nodeType");
  const parentElement = native(Node, "parentElement"), rootOf = native(Node, "getRootNode");
  const tagName = native(Element, "tagName"), shadowOf = native(Element, "shadowRoot");
  const getAttribute = native(Element, "getAttribute"), setAttribute = native(Element, "setAttribute");
  const boxOf = native(Element, "getBoundingClientRect"), isSeen = native(Element, "checkVisibility");
  const allIn = native(Element, "querySelectorAll"), byId = native(Document, "getElementById");
  const root = native(Document, "documentElement")(document), body = native(Document, "body")(document) ?? root;
  const scrolled = native(Element, "scrollHeight"), styleOf = native(HTMLElement, "style");
  const addSheet = (kind, it) => {
    const sheets = Object.getOwnPropertyDescriptor(kind.prototype, "adoptedStyleSheets");
    sheets.set.call(it, [...sheets.get.call(it), sheet]);
  };
  const BLACK = "█";
  const UNREAD = new Set(["SCRIPT", "STYLE", "TEMPLATE", "IFRAME", "FRAME", "OBJECT", "EMBED"]);
  const SHOWN_ATTRIBUTES = ["alt", "value", "placeholder", "label"];
  const PARTS = ["before", "after", "marker"]; // what style sheets put beside the text
  const blackPart = (part) => `${`[data-unspun-black-${part}]`.repeat(12)}::${part}`; // outweighs the page's own rules
  const PAINTED = `
    ::highlight(unspun-spun) { background-color: #fde3c8; color: #111; -webkit-text-fill-color: #111; text-shadow: none;
      text-decoration: underline solid 2px #a23b00; }
    ::highlight(unspun-original) { background-color: #dcebf7; color: #111; -webkit-text-fill-color: #111;
      text-shadow: none; text-decoration: underline dotted 2px #0b4f86; }
    ::highlight(unspun-unsure) { background-color: #f0f0f0; color: #111; -webkit-text-fill-color: #111;
      text-shadow: none; text-decoration: underline dashed 2px #555; }
    html, body { overflow: visible !important }
    iframe, frame, object, embed { visibility: hidden !important }
    ${PARTS.map(blackPart).join(", ")} { content: "${BLACK}" !important }`;
  const nodes = [], elements = [], blocks = new Map(), clips = new Map();
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(PAINTED);

  const up = (element) => parentElement(element) ?? rootOf(element).host ?? null;

  function blockOf(element) {
    if (!element) return null;
    if (!blocks.has(element)) {
      const display = getComputedStyle(element).display;
      blocks.set(element, display.startsWith("inline") || display === "contents" ? blockOf(up(element)) : element);
    }
    return blocks.get(element);
  }

  // The part of the page in which what lies in an element can be seen: boxes that cut off what is too long.
  function clipOf(element) {
    if (!element || element === body || element === root) return null;
    if (!clips.has(element)) {
      const outer = clipOf(up(element));
      const style = getComputedStyle(element);
      if (style.overflow === "visible" || style.display.startsWith("inline ") || style.display === "inline") {
        clips.set(element, outer);
      } else {
        const box = boxOf(element);
        clips.set(element, {
          left: Math.max(box.left, outer?.left ?? -1e9), right: Math.min(box.right, outer?.right ?? 1e9),
          top: Math.max(box.top, outer?.top ?? -1e9), bottom: Math.min(box.bottom, outer?.bottom ?? 1e9),
        });
      }
    }
    return clips.get(element);
  }

  function isDrawn(node, element) {
    if (!isSeen(element, { opacityProperty: true, visibilityProperty: true })) return false;
    if (!node.data.trim()) return true;
    const range = new Range(), clip = clipOf(element);
    range.selectNodeContents(node);
    return [...range.getClientRects()].some((box) => box.width > 0 && box.height > 0 && box.right > 0 &&
      box.bottom + scrollY > 0 && (!clip || (box.left < clip.right && box.right > clip.left && box.top < clip.bottom &&
      box.bottom > clip.top)));
  }

  function isTurned(element) {
    const style = getComputedStyle(element);
    return style.direction === "rtl" && style.unicodeBidi.includes("override");
  }

  function walk(within, runs, state) {
    for (const node of childNodes(within)) {
      if (nodeType(node) === Node.TEXT_NODE) {
        const element = parentElement(node) ?? within.host;
        const block = blockOf(element);
        runs.push([node.data, block !== state.block || state.broken, isDrawn(node, element), isTurned(element)]);
        Object.assign(state, { block, broken: false });
        nodes.push(node);
      } else if (nodeType(node) === Node.ELEMENT_NODE && !UNREAD.has(tagName(node).toUpperCase())) {
        elements.push(node);
        if (tagName(node) === "BR" || tagName(node) === "HR") state.broken = true;
        const shadow = shadowOf(node);
        if (shadow) {
          addSheet(ShadowRoot, shadow);
          walk(shadow, runs, state);
        }
        walk(node, runs, state);
      }
    }
  }

  // What is drawn besides the text of the page: [element, attribute or part, words].
  function spoken() {
    const found = [];
    elements.forEach((element, number) => {
      for (const name of SHOWN_ATTRIBUTES) {
        if (getAttribute(element, name)) found.push([number, name, getAttribute(element, name)]);
      }
      for (const part of PARTS) {
        const said = getComputedStyle(element, `::${part}`).content;
        if (said && said !== "none" && said !== "normal") found.push([number, `::${part}`, said]);
      }
      const bullet = getComputedStyle(element).listStyleType;
      if (bullet.startsWith('"')) found.push([number, "::marker", bullet]);
    });
    return found;
  }

  const range = ([number, start, end]) => {
    const made = new Range();
    made.setStart(nodes[number], start);
    made.setEnd(nodes[number], end);
    return made;
  };

  globalThis.unspun = {
    // Pinned to the window, it would lie over the page wherever the picture is taken.
    unpin() {
      let count = 0;
      const hidden = (element) => styleOf(element)?.setProperty("visibility", "hidden", "important");
      for (const element of [...allIn(body, "*")].filter((one) => one instanceof HTMLElement)) {
        const box = boxOf(element);
        if (getComputedStyle(element).position === "fixed" && box.width > 0 && box.height > 0 &&
            isSeen(element, { visibilityProperty: true })) {
          hidden(element);
          for (const inner of allIn(element, "*")) if (inner instanceof HTMLElement) hidden(inner);
          count += 1;
        }
      }
      return count;
    },
    read() {
      addSheet(Document, document);
      const runs = [];
      walk(root, runs, { block: null, broken: true });
      return { runs, spoken: spoken(), frames: allIn(root, "iframe, frame, object, embed").length };
    },
    texts: () => nodes.map((node) => node.data),
    hide(pieces, said) {
      for (const [number, start, end] of pieces) {
        const data = nodes[number].data;
        nodes[number].data = data.slice(0, start) + data.slice(start, end).replace(/\S/g, BLACK) + data.slice(end);
      }
      for (const [number, name, black] of said) {
        if (name.startsWith("::")) setAttribute(elements[number], `data-unspun-black-${name.slice(2)}`, "");
        else setAttribute(elements[number], name, black);
      }
    },
    mark(pieces, kind) {
      CSS.highlights.set(`unspun-${kind}`, new Highlight(...pieces.map(range)));
    },
    // The box around some pieces, in the page's own measure; null where nothing of them is drawn.
    box(pieces) {
      const boxes = pieces.flatMap((piece) => [...range(piece).getClientRects()].filter((one) => one.width > 0));
      return unspun.around(boxes);
    },
    boxOfElements(names) {
      return unspun.around(names.map((name) => boxOf(byId(document, name))));
    },
    around(boxes) {
      if (!boxes.length) return null;
      const left = Math.min(...boxes.map((one) => one.left)), right = Math.max(...boxes.map((one) => one.right));
      const top = Math.min(...boxes.map((one) => one.top)), bottom = Math.max(...boxes.map((one) => one.bottom));
      return [left + scrollX, top + scrollY, right - left, bottom - top];
    },
    // How high the page is; one that is shorter than the window ends with what is in it.
    height() {
      const whole = Math.max(scrolled(root), scrolled(body)), lowest = boxOf(body).bottom;
      return whole > innerHeight ? whole : Math.max(100, Math.min(whole, Math.ceil(lowest) + 8));
    },
  };
})();
