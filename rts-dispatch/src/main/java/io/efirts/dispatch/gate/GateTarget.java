// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.gate;

import io.efirts.api.spec.RuntimeService;

/**
 * What the owner of the gate calls, as a small number in the gate's word: whoever waits for the
 * gate learns from the same look who is inside, since when, and for what.
 */
public final class GateTarget {
  /** Nothing. */
  public static final int NONE = 0;

  /** A vendor's own entry point. */
  public static final int VENDOR = RuntimeService.COUNT + 1;

  /** Number of different targets. */
  public static final int COUNT = VENDOR + 1;

  private static final RuntimeService[] SERVICES = RuntimeService.values();

  private GateTarget() {}

  /**
   * The number of a service.
   *
   * @param service the service, null for a vendor's entry
   * @return its number
   */
  public static int of(RuntimeService service) {
    return service == null ? VENDOR : service.ordinal() + 1;
  }

  /**
   * The service of a number.
   *
   * @param target a number
   * @return the service, null for a vendor's entry and for {@link #NONE}
   */
  public static RuntimeService service(int target) {
    return target == NONE || target == VENDOR ? null : SERVICES[target - 1];
  }
}
