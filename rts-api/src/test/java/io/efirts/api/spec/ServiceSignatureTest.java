// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceSignatureTest {
  private static final ServiceParameter TIME =
      new ServiceParameter("Time", Passing.POINTER, 16, false, Direction.IN, false);

  @Test
  void laterChangesOfTheListDoNotReachTheSignature() {
    List<ServiceParameter> parameters = new ArrayList<>(List.of(TIME));
    ServiceSignature signature = new ServiceSignature(parameters);

    parameters.clear();

    assertEquals(1, signature.parameterCount());
    assertEquals(TIME, signature.parameter(0));
    assertThrows(UnsupportedOperationException.class, () -> signature.parameters().clear());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1, Integer.MAX_VALUE})
  void thereIsNoParameterOutsideTheSignature(int index) {
    assertEquals(
        "index must name a parameter: index=" + index + ", parameterCount=1",
        assertThrows(
                IndexOutOfBoundsException.class, () -> ServiceSignature.of(TIME).parameter(index))
            .getMessage());
  }

  @Test
  void misuseOfASignatureIsNamed() {
    assertEquals(
        "parameters must be given: parameters=null",
        assertThrows(NullPointerException.class, () -> new ServiceSignature(null)).getMessage());
    assertEquals(
        "parameter must be given: parameter=null",
        assertThrows(
                NullPointerException.class, () -> new ServiceSignature(Arrays.asList(TIME, null)))
            .getMessage());
    assertEquals(
        "parameterCount must be 0 to 5: parameterCount=6",
        assertThrows(
                IllegalArgumentException.class,
                () -> new ServiceSignature(Collections.nCopies(6, TIME)))
            .getMessage());
  }

  @Test
  void nativeWidthsHave4BytesInThe32BitAbiAndTheOthersKeepTheirs() {
    ServiceSignature updateCapsule = RuntimeService.UPDATE_CAPSULE.signature();

    assertEquals(8, updateCapsule.parameter(1).widthBytes());
    assertEquals(4, updateCapsule.parameter(1).widthBytes32());
    assertEquals(8, updateCapsule.parameter(2).widthBytes32());
  }

  @ParameterizedTest
  @CsvSource({"IN, true, false", "OUT, false, true", "INOUT, true, true"})
  void aDirectionSaysWhoReadsAndWhoWrites(Direction direction, boolean in, boolean out) {
    assertEquals(in, direction.isIn());
    assertEquals(out, direction.isOut());
  }

  @Test
  void onlyAWidthOf0IsVariable() {
    assertFalse(TIME.isVariableSized());
    assertTrue(ServiceParameter.buffer(Direction.OUT, "Data").isVariableSized());
  }

  @ParameterizedTest
  @CsvSource({
    "VALUE, 4, false, OUT, 'direction of a value must be IN: name=X, direction=OUT'",
    "VALUE, 0, false, IN, 'widthBytes must be 1, 2, 4 or 8 for a value, 0 or more for a pointer:"
        + " name=X, passing=VALUE, widthBytes=0'",
    "VALUE, 3, false, IN, 'widthBytes must be 1, 2, 4 or 8 for a value, 0 or more for a pointer:"
        + " name=X, passing=VALUE, widthBytes=3'",
    "VALUE, 16, false, IN, 'widthBytes must be 1, 2, 4 or 8 for a value, 0 or more for a"
        + " pointer: name=X, passing=VALUE, widthBytes=16'",
    "POINTER, -1, false, OUT, 'widthBytes must be 1, 2, 4 or 8 for a value, 0 or more for a"
        + " pointer: name=X, passing=POINTER, widthBytes=-1'",
    "POINTER, 4, true, OUT, 'widthBytes of a native width must be 8: name=X, widthBytes=4'"
  })
  void partsThatDoNotFitTogetherAreRejected(
      Passing passing, int widthBytes, boolean nativeWidth, Direction direction, String message) {
    assertEquals(
        message,
        assertThrows(
                IllegalArgumentException.class,
                () -> new ServiceParameter("X", passing, widthBytes, nativeWidth, direction, false))
            .getMessage());
  }

  @Test
  void aMissingPartIsNamed() {
    assertEquals(
        "passing must be given: passing=null",
        assertThrows(
                NullPointerException.class,
                () -> new ServiceParameter("X", null, 4, false, Direction.IN, false))
            .getMessage());
  }
}
