/**
 * Questions to the server, each asked again and again until it is answered: what is said while a
 * connection drops is lost.
 */

export const PATIENCE = 3000; // ms without an answer, after which a question is asked again

export class Questions {
  /** @param {(question: string, value: any) => void} tell sends a question. */
  constructor(tell) {
    this.tell = tell;
    this.open = new Map(); // question → the timer that asks it again
  }

  /** Ask, unless this question is open already. */
  ask(question, value) {
    if (!this.isOpen(question)) this.say(question, value);
  }

  say(question, value) {
    this.open.set(question, setTimeout(() => this.say(question, value), PATIENCE));
    this.tell(question, value);
  }

  isOpen(question) {
    return this.open.has(question);
  }

  answered(question) {
    clearTimeout(this.open.get(question));
    this.open.delete(question);
  }

  close() {
    [...this.open.keys()].forEach((question) => this.answered(question));
  }
}
