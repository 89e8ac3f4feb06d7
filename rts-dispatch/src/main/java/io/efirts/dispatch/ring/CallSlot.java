// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.ring;

import io.efirts.dispatch.call.DispatchCall;

/**
 * What travels through the ring: a call and the generation that was published. A call that was
 * cancelled and lent again has another generation; the worker skips the old slot.
 *
 * <p>Plain fields: the ring's publication orders them.
 */
public final class CallSlot {
  private DispatchCall call;
  private long generation;

  /** An empty slot. */
  CallSlot() {}

  void set(DispatchCall call, long generation) {
    this.call = call;
    this.generation = generation;
  }

  /**
   * The call. For the worker.
   *
   * @return the call that was published
   */
  public DispatchCall call() {
    return call;
  }

  /**
   * Its generation. For the worker.
   *
   * @return the generation that was published
   */
  public long generation() {
    return generation;
  }
}
