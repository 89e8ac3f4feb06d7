// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.ring;

import io.efirts.dispatch.call.DispatchCall;

/** Makes slots as the ring hands them to the worker. */
public final class Slots {
  private Slots() {}

  /**
   * A published slot.
   *
   * @param call the call
   * @param generation its generation
   * @return the slot
   */
  public static CallSlot of(DispatchCall call, long generation) {
    CallSlot slot = new CallSlot();
    slot.set(call, generation);
    return slot;
  }
}
