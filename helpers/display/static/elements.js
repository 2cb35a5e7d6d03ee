// What the pages of all widgets begin with: an element of the page from its tag, its properties and its children; and
// the focus, which no redrawing may lose.

// A property that is undefined is left out.
function make(tag, properties = {}, ...children) {
  const { aria = {}, ...rest } = properties
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(rest)) if (value !== undefined) element[name] = value
  for (const [name, value] of Object.entries(aria)) element.setAttribute(name === "role" ? name : `aria-${name}`, value)
  element.append(...children)
  return element
}

// What has the focus can be drawn anew, hidden or switched off; the keys would then go to the page around the widget.
// So whatever changes below the root, the focus that is lost by it goes to `home()`. Returns what ends this.
function keepFocus(root, home) {
  let focused = null // what had it last, until the person leaves the widget
  const holds = (element) => element.isConnected && !element.disabled && !element.closest("[hidden]")
  const left = (event) => { if (!root.contains(event.target)) focused = null }
  root.addEventListener("focusin", (event) => { focused = event.target })
  root.addEventListener("focusout", (event) => { if (event.relatedTarget) focused = null })
  document.addEventListener("pointerdown", left, { capture: true })
  const observer = new MutationObserver(() => {
    if (!focused || holds(focused)) return
    const now = root.getRootNode().activeElement
    if (!now || now === document.body || now === focused) home().focus({ preventScroll: true })
  })
  observer.observe(root, { subtree: true, childList: true, attributes: true, attributeFilter: ["hidden", "disabled"] })
  return () => {
    observer.disconnect()
    document.removeEventListener("pointerdown", left, { capture: true })
  }
}
