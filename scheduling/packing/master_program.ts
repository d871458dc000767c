/**
 * The linear program behind the packing: how often to use which pattern when fractions are allowed.
 *
 * Minimise cost · x subject to: every item is covered at least as often as demanded, x ≥ 0. Solved by
 * the primal simplex method with an explicit inverse of the basis, which is right for the few dozen
 * rows at hand; columns may be added while it runs, so that patterns are invented only when they help
 * (column generation: Gilmore and Gomory, 1961).
 *
 * @module
 */

/** A column: a pattern's counts by item, and its cost. */
export interface Column {
  readonly cost: number;
  readonly counts: Int32Array;
}

/** Fractions below this are rounding noise. */
const epsilon = 1e-9;

/** A linear program with a feasible basis at all times. */
export class MasterProgram {
  readonly #rows: number;
  readonly #columns: Column[];
  /** Per row: the index of the basic column, or -1 - item for the surplus of an item. */
  readonly #basis: Int32Array;
  /** The inverse of the basis, row by row. */
  readonly #inverse: Float64Array;
  readonly #demand: Float64Array;
  readonly #values: Float64Array;

  /**
   * @param demand How often each item must be covered.
   * @param singles One column per item, in order, that covers this item alone.
   */
  constructor(demand: Int32Array, singles: readonly Column[]) {
    const rows = demand.length;
    this.#rows = rows;
    this.#columns = [...singles];
    this.#basis = Int32Array.from({ length: rows }, (_, row) => row);
    this.#inverse = new Float64Array(rows * rows);
    this.#demand = Float64Array.from(demand);
    this.#values = new Float64Array(rows);
    for (let row = 0; row < rows; row++) {
      const covered = singles[row]?.counts[row] ?? 1;
      this.#inverse[row * rows + row] = 1 / covered;
      this.#values[row] = (demand[row] ?? 0) / covered;
    }
  }

  /** All columns, in the order in which they were given. */
  get columns(): readonly Column[] {
    return this.#columns;
  }

  /** What covering one more of each item would cost. */
  duals(): Float64Array {
    const rows = this.#rows;
    const duals = new Float64Array(rows);
    for (let row = 0; row < rows; row++) {
      const cost = this.#costOf(this.#basis[row] ?? 0);
      if (cost === 0) continue;
      for (let item = 0; item < rows; item++) {
        duals[item] = (duals[item] ?? 0) + cost * (this.#inverse[row * rows + item] ?? 0);
      }
    }
    return duals;
  }

  /** The cost of the present fractional solution. */
  objective(): number {
    let total = 0;
    for (let row = 0; row < this.#rows; row++) {
      total += this.#costOf(this.#basis[row] ?? 0) * (this.#values[row] ?? 0);
    }
    return total;
  }

  /** The columns in use and how often, in ascending order of their index. */
  solution(): { readonly column: number; readonly amount: number }[] {
    const used = [];
    for (let row = 0; row < this.#rows; row++) {
      const column = this.#basis[row] ?? -1;
      const amount = this.#values[row] ?? 0;
      if (column >= 0 && amount > epsilon) used.push({ column, amount });
    }
    return used.sort((left, right) => left.column - right.column);
  }

  /** Remembers a column; {@linkcode optimise} decides whether it is used. */
  add(column: Column): void {
    this.#columns.push(column);
  }

  /** Pivots until no known column and no surplus can lower the cost, or `maxPivots` are done. */
  optimise(maxPivots: number): void {
    for (let pivot = 0; pivot < maxPivots; pivot++) {
      const duals = this.duals();
      let entering: number | undefined;
      let lowest = -epsilon;
      for (let item = 0; item < this.#rows; item++) {
        const reduced = duals[item] ?? 0;
        if (reduced < lowest) [lowest, entering] = [reduced, -1 - item];
      }
      for (const [index, { cost, counts }] of this.#columns.entries()) {
        let reduced = cost;
        for (let item = 0; item < counts.length; item++) {
          const count = counts[item] ?? 0;
          if (count > 0) reduced -= count * (duals[item] ?? 0);
        }
        if (reduced < lowest) [lowest, entering] = [reduced, index];
      }
      if (entering === undefined || !this.#enter(entering)) return;
    }
  }

  /** Brings a column into the basis; false if nothing limits it, which a covering problem excludes. */
  #enter(entering: number): boolean {
    const rows = this.#rows;
    const direction = this.#direction(entering);
    let leaving = -1;
    let step = Infinity;
    for (let row = 0; row < rows; row++) {
      const slope = direction[row] ?? 0;
      if (slope <= epsilon) continue;
      const ratio = (this.#values[row] ?? 0) / slope;
      // Among equals the smallest column index leaves, which keeps degenerate pivots from cycling.
      const better = ratio < step - epsilon ||
        (ratio < step + epsilon && (this.#basis[row] ?? 0) < (this.#basis[leaving] ?? 0));
      if (better) [leaving, step] = [row, Math.min(step, ratio)];
    }
    if (leaving < 0) return false;
    const slope = direction[leaving] ?? 1;
    for (let item = 0; item < rows; item++) {
      const at = leaving * rows + item;
      this.#inverse[at] = (this.#inverse[at] ?? 0) / slope;
    }
    for (let row = 0; row < rows; row++) {
      const factor = direction[row] ?? 0;
      if (row === leaving || factor === 0) continue;
      for (let item = 0; item < rows; item++) {
        const at = row * rows + item;
        this.#inverse[at] = (this.#inverse[at] ?? 0) -
          factor * (this.#inverse[leaving * rows + item] ?? 0);
      }
    }
    this.#basis[leaving] = entering;
    this.#refreshValues();
    return true;
  }

  #refreshValues(): void {
    const rows = this.#rows;
    for (let row = 0; row < rows; row++) {
      let value = 0;
      for (let item = 0; item < rows; item++) {
        value += (this.#inverse[row * rows + item] ?? 0) * (this.#demand[item] ?? 0);
      }
      this.#values[row] = Math.max(0, value);
    }
  }

  /** The inverse of the basis times a column. */
  #direction(entering: number): Float64Array {
    const rows = this.#rows;
    const direction = new Float64Array(rows);
    const counts = entering >= 0 ? this.#columns[entering]?.counts : undefined;
    for (let row = 0; row < rows; row++) {
      if (!counts) {
        direction[row] = -(this.#inverse[row * rows + (-1 - entering)] ?? 0);
        continue;
      }
      let sum = 0;
      for (let item = 0; item < rows; item++) {
        const count = counts[item] ?? 0;
        if (count > 0) sum += count * (this.#inverse[row * rows + item] ?? 0);
      }
      direction[row] = sum;
    }
    return direction;
  }

  #costOf(column: number): number {
    return column >= 0 ? this.#columns[column]?.cost ?? 0 : 0;
  }
}
