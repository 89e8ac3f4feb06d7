// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.call;

/**
 * A call's life for one thread, on plain fields. The operations are those of {@link
 * CallLinearizabilityTest}.
 */
public final class CallModel {
  private enum State {
    IDLE,
    QUEUED,
    RUNNING,
    DONE,
    CANCELLED,
    ABANDONED,
    COLLECTED,
    RETURNED
  }

  private State state = State.QUEUED;
  private long generation = 2;
  private int value;
  private boolean delivered;
  private final boolean[] delivering = new boolean[CallLinearizabilityTest.MOST_THREADS];
  private boolean claimed;
  private boolean late;

  /** A queued call in its second generation. */
  public CallModel() {}

  public long publish() {
    if (state != State.IDLE) {
      return 0;
    }
    state = State.QUEUED;
    delivered = false;
    return generation;
  }

  public String claimDelivery(int thread) {
    boolean entered = state == State.ABANDONED || state == State.RETURNED;
    if (delivering[thread]
        || delivered
        || state != State.DONE && state != State.CANCELLED && !entered) {
      return "not mine";
    }
    delivered = true;
    delivering[thread] = true;
    return state == State.DONE ? "done " + value : "refused, firmware was entered: " + entered;
  }

  public boolean giveBack(int thread) {
    if (!delivering[thread]) {
      return false;
    }
    delivering[thread] = false;
    return !change(State.ABANDONED, State.COLLECTED) && renew();
  }

  public boolean claim() {
    boolean mine = !claimed && change(State.QUEUED, State.RUNNING);
    claimed |= mine;
    return mine;
  }

  public boolean complete(int result) {
    if (!claimed || late) {
      return false;
    }
    late = !change(State.RUNNING, State.DONE);
    if (late) {
      return false;
    }
    value = result;
    claimed = false;
    return true;
  }

  public boolean comeBack() {
    if (!late) {
      return false;
    }
    late = false;
    claimed = false;
    return !change(State.ABANDONED, State.RETURNED) && renew();
  }

  public boolean cancel() {
    return change(State.QUEUED, State.CANCELLED);
  }

  public boolean abandon() {
    return change(State.RUNNING, State.ABANDONED);
  }

  public void sweep() {
    cancel();
  }

  public boolean touchOldGeneration() {
    return false;
  }

  private boolean renew() {
    generation++;
    state = State.IDLE;
    return true;
  }

  private boolean change(State from, State to) {
    if (state != from) {
      return false;
    }
    state = to;
    return true;
  }
}
