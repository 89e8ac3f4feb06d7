// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.call;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.efirts.api.BooleanHolder;
import io.efirts.api.CallResult;
import io.efirts.api.spec.EfiTime;
import io.efirts.api.spec.EfiTimeCapabilitiesHolder;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RuntimeService;

/**
 * Packing of the four time services' typed arguments, and copying out of what they return.
 *
 * <p>Called by the thread the work item is lent to. Copying out does nothing unless firmware
 * completed the call with EFI_SUCCESS. Nothing blocks or allocates.
 */
public final class TimeCalls {
  private TimeCalls() {}

  /**
   * Packs GetTime.
   *
   * @param call the work item
   * @param wantCapabilities whether to ask for the capabilities
   */
  public static void packGetTime(RuntimeCall call, boolean wantCapabilities) {
    call.begin(RuntimeService.GET_TIME);
    call.packCell(0);
    if (wantCapabilities) {
      call.packCell(1);
    } else {
      call.packPointer(1, 0);
    }
  }

  /**
   * Copies out of GetTime.
   *
   * @param call the completed work item
   * @param result its result
   * @param time receives the time
   * @param capabilities receives the capabilities if not null
   */
  public static void copyOutGetTime(
      RuntimeCall call,
      CallResult result,
      EfiTimeHolder time,
      EfiTimeCapabilitiesHolder capabilities) {
    if (result.isSuccess()) {
      time.read(call.item(), call.cellOffset(0));
      if (capabilities != null) {
        capabilities.read(call.item(), call.cellOffset(1));
      }
    }
  }

  /**
   * Packs SetTime.
   *
   * @param call the work item
   * @param time the new time
   */
  public static void packSetTime(RuntimeCall call, EfiTime time) {
    call.begin(RuntimeService.SET_TIME);
    time.write(call.item(), call.packCell(0));
  }

  /**
   * Packs GetWakeupTime.
   *
   * @param call the work item
   */
  public static void packGetWakeupTime(RuntimeCall call) {
    call.begin(RuntimeService.GET_WAKEUP_TIME);
    call.packCell(0);
    call.packCell(1);
    call.packCell(2);
  }

  /**
   * Copies out of GetWakeupTime.
   *
   * @param call the completed work item
   * @param result its result
   * @param enabled receives whether the alarm is set
   * @param pending receives whether it waits to be acknowledged
   * @param time receives its time
   */
  public static void copyOutGetWakeupTime(
      RuntimeCall call,
      CallResult result,
      BooleanHolder enabled,
      BooleanHolder pending,
      EfiTimeHolder time) {
    if (result.isSuccess()) {
      enabled.value = call.item().get(JAVA_BYTE, call.cellOffset(0)) != 0;
      pending.value = call.item().get(JAVA_BYTE, call.cellOffset(1)) != 0;
      time.read(call.item(), call.cellOffset(2));
    }
  }

  /**
   * Packs SetWakeupTime.
   *
   * @param call the work item
   * @param enable whether the alarm is to be set
   * @param time when, or null
   */
  public static void packSetWakeupTime(RuntimeCall call, boolean enable, EfiTime time) {
    call.begin(RuntimeService.SET_WAKEUP_TIME);
    call.packValue(0, enable ? 1 : 0);
    if (time == null) {
      call.packPointer(1, 0);
    } else {
      time.write(call.item(), call.packCell(1));
    }
  }
}
