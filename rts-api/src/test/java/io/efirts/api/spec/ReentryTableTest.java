// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** I-1: the reentry rules are those of UEFI's tables 8.1 and 8.2, in every combination. */
class ReentryTableTest {
  /**
   * One column per service in table order; {@code x} = forbidden while the row's service is busy.
   */
  @ParameterizedTest
  @CsvSource({
    // clock, virtual memory, variables, counter, reset, capsules, QueryVariableInfo
    "GET_TIME,                      xxxx x. ... . . .. .",
    "SET_TIME,                      xxxx x. ... . x .. .",
    "GET_WAKEUP_TIME,               xxxx x. ... . . .. .",
    "SET_WAKEUP_TIME,               xxxx x. ... . x .. .",
    "SET_VIRTUAL_ADDRESS_MAP,       .... x. ... . . .. .",
    "CONVERT_POINTER,               .... xx ... . . .. .",
    "GET_VARIABLE,                  .... x. xxx x . xx x",
    "GET_NEXT_VARIABLE_NAME,        .... x. xxx x . xx x",
    "SET_VARIABLE,                  .... x. xxx x x xx x",
    "GET_NEXT_HIGH_MONOTONIC_COUNT, .... x. xxx x x xx x",
    "RESET_SYSTEM,                  .... x. ... . . .. .",
    "UPDATE_CAPSULE,                .... x. xxx x x xx x",
    "QUERY_CAPSULE_CAPABILITIES,    .... x. xxx x . xx x",
    "QUERY_VARIABLE_INFO,           .... x. xxx x . xx x"
  })
  void aBusyServiceForbidsExactlyItsRow(RuntimeService busy, String row) {
    StringBuilder actual = new StringBuilder();
    for (RuntimeService next : RuntimeService.values()) {
      actual.append(ReentryTable.forbids(busy, next) ? 'x' : '.');
    }

    assertEquals(row.replace(" ", ""), actual.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "GET_TIME, true",
    "SET_TIME, false",
    "GET_WAKEUP_TIME, false",
    "SET_WAKEUP_TIME, false",
    "SET_VIRTUAL_ADDRESS_MAP, false",
    "CONVERT_POINTER, false",
    "GET_VARIABLE, true",
    "GET_NEXT_VARIABLE_NAME, true",
    "SET_VARIABLE, true",
    "GET_NEXT_HIGH_MONOTONIC_COUNT, false",
    "RESET_SYSTEM, true",
    "UPDATE_CAPSULE, true",
    "QUERY_CAPSULE_CAPABILITIES, true",
    "QUERY_VARIABLE_INFO, true"
  })
  void aMachineCheckMayCallWhatTable82Lists(RuntimeService service, boolean callable) {
    assertEquals(callable, ReentryTable.callableDuringMachineCheck(service));
  }

  @Test
  void missingServicesAreNamed() {
    assertEquals(
        "busy must be given: busy=null",
        assertThrows(
                NullPointerException.class,
                () -> ReentryTable.forbids(null, RuntimeService.GET_TIME))
            .getMessage());
    assertEquals(
        "next must be given: next=null",
        assertThrows(
                NullPointerException.class,
                () -> ReentryTable.forbids(RuntimeService.GET_TIME, null))
            .getMessage());
    assertEquals(
        "service must be given: service=null",
        assertThrows(
                NullPointerException.class, () -> ReentryTable.callableDuringMachineCheck(null))
            .getMessage());
  }
}
