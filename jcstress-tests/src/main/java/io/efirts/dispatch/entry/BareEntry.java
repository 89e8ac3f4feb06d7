// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.entry;

import io.efirts.api.call.RuntimeCall;
import io.efirts.api.spec.RtProperties;
import io.efirts.api.spi.FirmwareContext;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.api.spi.NanoClock;
import io.efirts.dispatch.call.CallInState;
import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.observe.CallTimer;
import io.efirts.dispatch.observe.Observer;

/** The way into a firmware with nothing around it that the tests do not race. */
public final class BareEntry {
  /** Counts for all tests together. */
  public static final Observer OBSERVER = new Observer();

  /** Times nothing. */
  public static final CallTimer TIMER = new CallTimer(NanoClock.SYSTEM, null);

  private static final ContextRepairs REPAIRS = new ContextRepairs(OBSERVER);
  private static final PendingCapsule NO_CAPSULE = new PendingCapsule();
  private static final RtProperties ALL = RtProperties.of(RtProperties.ALL_SERVICES);
  private static final RuntimeCall NO_QUESTION = CallInState.idle().item();

  private BareEntry() {}

  /**
   * The way into an instance, without a storage reserve.
   *
   * @param instance the instance
   * @param gate its gate
   * @return the entry
   */
  public static FirmwareEntry into(FirmwareInstance instance, FirmwareGate gate) {
    return new FirmwareEntry(instance, gate, 0, ALL, NO_CAPSULE, REPAIRS, OBSERVER);
  }

  /**
   * A lane into a context.
   *
   * @param context the context
   * @return the lane
   */
  public static EntryLane laneInto(FirmwareContext context) {
    return new EntryLane(context, NO_QUESTION);
  }
}
