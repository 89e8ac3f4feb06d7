// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.entry;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.call.CallFrame;
import io.efirts.api.call.CapsuleCalls;
import io.efirts.api.call.RuntimeCall;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.spec.EfiCapsuleHeader;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RtProperties;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.Firmware;

/**
 * Remembers which type of reset the capsules need that firmware has taken and will process after
 * it. A capsule that needs another type is refused, and so is every capsule once a reset has begun:
 * it could not be processed. UEFI 2.10 section 8.5.3.
 *
 * <p>One for all firmware instances of a dispatcher, since capsules lie in memory and outlive them.
 * {@link #refusal} and {@link #taken} are called with the gate in hand; the others by any thread.
 */
public final class PendingCapsule {
  private static final int NONE = -1;
  private static final int FLAGS_OFFSET = 20;
  private static final ResetType[] TYPES = ResetType.values();

  /** The type of reset that is pending, or NONE. */
  private volatile int resetType = NONE;

  private volatile boolean resetBegun;

  /** Nothing pending. */
  public PendingCapsule() {}

  /**
   * The type of reset that is pending.
   *
   * @return the type, or null
   */
  public ResetType resetType() {
    int type = resetType;
    return type == NONE ? null : TYPES[type];
  }

  /**
   * The type of reset to ask for: the pending one wins.
   *
   * @param requested the type that was asked for
   * @return the pending type, or that one
   */
  public ResetType resetTypeOr(ResetType requested) {
    ResetType pending = resetType();
    return pending == null ? requested : pending;
  }

  /** No capsule is accepted from now on. */
  public void resetBegins() {
    resetBegun = true;
  }

  /**
   * Asks whether capsules may be passed on.
   *
   * @return null if they may, otherwise the call's result
   */
  CallResult refusal(Firmware firmware, EntryLane lane, RtProperties supported) {
    lane.capsuleReset(NONE);
    CallFrame update = lane.frame();
    if (resetBegun) {
      return refused();
    }
    if (!persists(update)) {
      return null;
    }
    if (!supported.supports(RuntimeService.QUERY_CAPSULE_CAPABILITIES)) {
      return CallResult.refused(Outcome.UNSUPPORTED, false, false);
    }
    RuntimeCall item = lane.questionItem();
    item.begin(RuntimeService.QUERY_CAPSULE_CAPABILITIES);
    item.packPointer(0, update.word(0));
    item.packValue(1, update.word(1));
    item.packCell(2);
    item.packCell(3);
    long status = lane.ask(firmware);
    if (status != EfiStatusCode.SUCCESS) {
      return CallResult.completed(status);
    }
    int needed = CapsuleCalls.resetType(item);
    if (needed < 0 || needed >= TYPES.length) {
      return refused();
    }
    if (resetType != NONE && resetType != needed) {
      return refused();
    }
    lane.capsuleReset(needed);
    return null;
  }

  /** The firmware has taken the capsules that were asked about. */
  void taken(EntryLane lane) {
    if (lane.capsuleReset() != NONE) {
      resetType = lane.capsuleReset();
    }
  }

  /** What cannot be read here firmware cannot read either: it is left to say so itself. */
  private static boolean persists(CallFrame update) {
    AddressSpaceView memory = update.memory();
    if (update.word(0) == 0 || update.word(1) == 0) {
      return false;
    }
    try {
      // One capsule's flag decides: UEFI lets the others differ in their GUID-defined bits only.
      long header = memory.getLong(update.word(0));
      return header != 0
          && (memory.getInt(header + FLAGS_OFFSET) & EfiCapsuleHeader.PERSIST_ACROSS_RESET) != 0;
    } catch (FirmwareFault unreadable) {
      return false;
    }
  }

  private static CallResult refused() {
    return CallResult.refused(Outcome.CAPSULE_REFUSED, false, false);
  }
}
