/**
 * Questions to the server. Each is sent again until it is answered, because a message is lost when
 * the connection breaks.
 */

export const PATIENCE = 3000; // ms without an answer, after which a question is sent again

export class Questions {
  /** @param {(question: string, value: any) => void} send */
  constructor(send) {
    this.send = send;
    this.timers = new Map(); // of the open questions
  }

  /** Ask, unless this question is open already. */
  ask(question, value) {
    if (!this.isOpen(question)) this.repeat(question, value);
  }

  repeat(question, value) {
    this.timers.set(question, setTimeout(() => this.repeat(question, value), PATIENCE));
    this.send(question, value);
  }

  isOpen(question) {
    return this.timers.has(question);
  }

  answered(question) {
    clearTimeout(this.timers.get(question));
    this.timers.delete(question);
  }

  close() {
    [...this.timers.keys()].forEach((question) => this.answered(question));
  }
}
