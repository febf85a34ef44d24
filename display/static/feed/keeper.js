// Which board a plain browser shows: the newest one, across lost and late messages and a restored
// server. The same rule as the agent's (display/board_keeper.py).

// So many answers in a row must be lower before it is believed: a restored backup, not a race.
const WENT_BACK_AFTER = 2;

/** Whether version `a` is older than `b`; both are [date, seq]. */
function isOlder(a, b) {
  return a[0] === b[0] ? a[1] < b[1] : a[0] < b[0];
}

export class Keeper {
  constructor() {
    this.board = null;
    this.lowerAnswers = 0;
  }

  /** Show what the live channel sent. False if it was dropped as older than what is shown. */
  takeLive(board) {
    if (this.board && isOlder(board.version, this.board.version)) return false;
    this.show(board);
    return true;
  }

  /**
   * Show an answer; `shownBefore` is the board that was shown when it was asked for. A lower
   * version is dropped as late, unless nothing newer came meanwhile and the server says it twice.
   */
  takeAnswer(board, shownBefore) {
    if (this.board && isOlder(board.version, this.board.version)) {
      this.lowerAnswers = shownBefore === this.board ? this.lowerAnswers + 1 : 0;
      if (this.lowerAnswers < WENT_BACK_AFTER) return false;
    }
    this.show(board);
    return true;
  }

  show(board) {
    this.board = board;
    this.lowerAnswers = 0;
  }

  /** The server has confirmed that the shown board is the present one. */
  confirm() {
    this.lowerAnswers = 0;
  }
}
