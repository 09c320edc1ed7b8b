/** A live copy that can be read anew; what was read is taken when the answer is called. */
export type Member = { readonly readAnew: () => Promise<() => void> };

/**
 * The live copies of one connection. Where the history of the cluster goes back (its etcd was restored from a backup), all
 * of them go back in one step: Deployments as they are beside pods that are no more would let too much be removed.
 */
export class Copies {
  readonly #members = new Set<Member>();
  #goingBack: Promise<void> | undefined;

  add(member: Member): void {
    this.#members.add(member);
  }

  delete(member: Member): void {
    this.#members.delete(member);
  }

  /** One has found out, and has read what to take. Rejects where not all can be read, and then none has gone back. */
  goBack(first: Member, take: () => void): Promise<void> {
    this.#goingBack ??= this.#readOthers(first, take).finally(() => {
      this.#goingBack = undefined;
    });
    return this.#goingBack;
  }

  async #readOthers(first: Member, take: () => void): Promise<void> {
    const others = [...this.#members].filter((member) => member !== first);
    const takes = await Promise.all(others.map((member) => member.readAnew()));
    for (const each of [take, ...takes]) each();
  }
}
