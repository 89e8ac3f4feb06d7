// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import static io.efirts.api.spec.RuntimeService.CONVERT_POINTER;
import static io.efirts.api.spec.RuntimeService.GET_NEXT_HIGH_MONOTONIC_COUNT;
import static io.efirts.api.spec.RuntimeService.GET_NEXT_VARIABLE_NAME;
import static io.efirts.api.spec.RuntimeService.GET_TIME;
import static io.efirts.api.spec.RuntimeService.GET_VARIABLE;
import static io.efirts.api.spec.RuntimeService.GET_WAKEUP_TIME;
import static io.efirts.api.spec.RuntimeService.QUERY_CAPSULE_CAPABILITIES;
import static io.efirts.api.spec.RuntimeService.QUERY_VARIABLE_INFO;
import static io.efirts.api.spec.RuntimeService.RESET_SYSTEM;
import static io.efirts.api.spec.RuntimeService.SET_TIME;
import static io.efirts.api.spec.RuntimeService.SET_VARIABLE;
import static io.efirts.api.spec.RuntimeService.SET_VIRTUAL_ADDRESS_MAP;
import static io.efirts.api.spec.RuntimeService.SET_WAKEUP_TIME;
import static io.efirts.api.spec.RuntimeService.UPDATE_CAPSULE;

import java.util.EnumSet;
import java.util.Set;

/**
 * Which service may be called while another is busy, that is entered and not yet returned, on
 * whatever processor. UEFI 2.10 section 8.1, tables 8.1 and 8.2.
 *
 * <p>Every method may be called by any thread, allocates nothing and never blocks.
 */
public final class ReentryTable {
  private static final Set<RuntimeService> ALL = EnumSet.allOf(RuntimeService.class);

  private static final Set<RuntimeService> VARIABLES_AND_CAPSULES =
      EnumSet.of(
          GET_VARIABLE,
          GET_NEXT_VARIABLE_NAME,
          SET_VARIABLE,
          QUERY_VARIABLE_INFO,
          UPDATE_CAPSULE,
          QUERY_CAPSULE_CAPABILITIES,
          GET_NEXT_HIGH_MONOTONIC_COUNT);

  private static final Set<RuntimeService> CLOCK =
      EnumSet.of(GET_TIME, SET_TIME, GET_WAKEUP_TIME, SET_WAKEUP_TIME);

  private static final Set<RuntimeService> HOLDING_OFF_RESET =
      EnumSet.of(
          SET_VARIABLE, UPDATE_CAPSULE, SET_TIME, SET_WAKEUP_TIME, GET_NEXT_HIGH_MONOTONIC_COUNT);

  private static final Set<RuntimeService> MACHINE_CHECK =
      EnumSet.of(
          GET_TIME,
          GET_VARIABLE,
          GET_NEXT_VARIABLE_NAME,
          QUERY_VARIABLE_INFO,
          SET_VARIABLE,
          UPDATE_CAPSULE,
          QUERY_CAPSULE_CAPABILITIES,
          RESET_SYSTEM);

  // Index = ordinal of the busy service, bit = ordinal of the one forbidden meanwhile.
  private static final int[] FORBIDDEN_WHILE_BUSY = forbiddenWhileBusy();
  private static final int MACHINE_CHECK_BITS = bits(MACHINE_CHECK);

  private ReentryTable() {}

  private static int[] forbiddenWhileBusy() {
    int[] forbidden = new int[RuntimeService.COUNT];
    forbid(forbidden, ALL, EnumSet.of(SET_VIRTUAL_ADDRESS_MAP));
    forbid(forbidden, EnumSet.of(CONVERT_POINTER), EnumSet.of(CONVERT_POINTER));
    forbid(forbidden, HOLDING_OFF_RESET, EnumSet.of(RESET_SYSTEM));
    forbid(forbidden, VARIABLES_AND_CAPSULES, VARIABLES_AND_CAPSULES);
    forbid(forbidden, CLOCK, CLOCK);
    return forbidden;
  }

  private static void forbid(int[] forbidden, Set<RuntimeService> busy, Set<RuntimeService> next) {
    for (RuntimeService service : busy) {
      forbidden[service.ordinal()] |= bits(next);
    }
  }

  private static int bits(Set<RuntimeService> services) {
    int bits = 0;
    for (RuntimeService service : services) {
      bits |= 1 << service.ordinal();
    }
    return bits;
  }

  /**
   * Says whether table 8.1 forbids a call while another is busy; breaking it is undefined
   * behaviour.
   *
   * @param busy the service that has been entered and has not returned
   * @param next the service about to be called
   * @return true when the call is forbidden
   * @throws NullPointerException when a service is null
   */
  public static boolean forbids(RuntimeService busy, RuntimeService next) {
    SpecChecks.requireGiven(busy, "busy");
    SpecChecks.requireGiven(next, "next");
    return (FORBIDDEN_WHILE_BUSY[busy.ordinal()] >> next.ordinal() & 1) != 0;
  }

  /**
   * Says whether table 8.2 allows a call after a non-recoverable machine check, INIT or NMI even
   * when it was busy; the interrupted call is not resumed and its result is not guaranteed.
   *
   * @param service the service about to be called
   * @return true when the call is allowed
   * @throws NullPointerException when the service is null
   */
  public static boolean callableDuringMachineCheck(RuntimeService service) {
    SpecChecks.requireGiven(service, "service");
    return (MACHINE_CHECK_BITS >> service.ordinal() & 1) != 0;
  }
}
