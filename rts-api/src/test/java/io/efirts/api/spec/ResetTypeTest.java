// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResetTypeTest {
  @ParameterizedTest
  @CsvSource({
    "0, COLD, EfiResetCold",
    "1, WARM, EfiResetWarm",
    "2, SHUTDOWN, EfiResetShutdown",
    "3, PLATFORM_SPECIFIC, EfiResetPlatformSpecific"
  })
  void codesAndNamesAreThoseOfTheSpecification(int code, ResetType type, String efiName) {
    assertEquals(code, type.code());
    assertEquals(efiName, type.efiName());
    assertEquals(Optional.of(type), ResetType.of(code));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 4, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void anUnknownCodeHasNoType(int code) {
    assertEquals(Optional.empty(), ResetType.of(code));
  }
}
