// What the pages of all widgets begin with: an element of the page from its tag, its properties and its children.

function make(tag, properties = {}, ...children) {
  const { aria = {}, ...rest } = properties
  const element = Object.assign(document.createElement(tag), rest)
  for (const [name, value] of Object.entries(aria)) element.setAttribute(name === "role" ? name : `aria-${name}`, value)
  element.append(...children)
  return element
}
