/** Lines that no plain text begins with by chance, or hardly. */
const BLOCKS =
  /^(#{1,6} \S|[-*+] (\[[ xX]\] )?\S|\d{1,3}[.)] \S|> ?\S|```|~~~|\$\$|<details>|\|.*\|\s*$|!\[[^\]]*\]\(\S+\)|---\s*$)/m;
const INLINE = /\*\*[^\s*](.*?[^\s*])?\*\*|__[^\s_](.*?[^\s_])?__|\[[^\]\n]+\]\(\S+\)|`[^`\n]+`|~~\S.*?~~/;

/** Whether a text is meant as Markdown, as far as one can see. */
export function looksLikeMarkdown(text: string): boolean {
  return BLOCKS.test(text) || INLINE.test(text);
}
