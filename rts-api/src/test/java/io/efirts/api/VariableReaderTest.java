// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api;

import static io.efirts.api.FakeVariables.GUID;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiStatusCode;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading single variables; the walk is in {@link VariableWalkTest}. */
class VariableReaderTest {
  private final FakeVariables firmware = new FakeVariables();

  @Test
  void aValueComesWithItsAttributesAndSize() {
    firmware.with("Boot", 7, (byte) 1, (byte) 2, (byte) 3);
    VariableReader reader = new VariableReader(firmware.services());

    assertEquals(EfiStatus.SUCCESS, reader.read("Boot", GUID).status());
    assertEquals(7, reader.attributes());
    assertEquals(3, reader.dataSize());
    assertArrayEquals(new byte[] {1, 2, 3}, reader.data());
  }

  @Test
  void aMissingVariableLeavesNothingOfTheOneReadBefore() {
    firmware.with("Boot", 7, (byte) 1);
    VariableReader reader = new VariableReader(firmware.services());
    reader.read("Boot", GUID);

    assertEquals(EfiStatus.NOT_FOUND, reader.read("boot", GUID).status());
    assertEquals(0, reader.attributes());
    assertEquals(0, reader.dataSize());
    assertEquals(0, reader.data().length);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1023, 1024, 1025, 4095, 4096})
  void theBufferGrowsUpToTheMaximum(int size) {
    byte[] value = new byte[size];
    if (size > 0) {
      value[size - 1] = 42;
    }
    firmware.with("Large", 3, value);
    VariableReader reader = new VariableReader(firmware.services(), 4096);

    assertEquals(EfiStatus.SUCCESS, reader.read("Large", GUID).status());
    assertArrayEquals(value, reader.data());
  }

  @Test
  void aGrownBufferIsKeptForTheNextRead() {
    firmware.with("Large", 3, new byte[3000]);
    VariableReader reader = new VariableReader(firmware.services());
    reader.read("Large", GUID);
    reader.read("Large", GUID);

    assertEquals(List.of(1024L, 3000L, 3000L), firmware.offeredDataSizes);
  }

  @Test
  void aValueAboveTheMaximumIsNotReadButItsSizeAndAttributesAreKnown() {
    firmware.with("Large", 3, new byte[4097]);
    VariableReader reader = new VariableReader(firmware.services(), 4096);

    assertEquals(EfiStatus.BUFFER_TOO_SMALL, reader.read("Large", GUID).status());
    assertEquals(4097, reader.dataSize());
    assertEquals(3, reader.attributes());
    assertEquals(0, reader.data().length);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1024, 65_537, Long.MAX_VALUE, Long.MIN_VALUE, -1})
  void aSizeThatGrowingDoesNotHelpEndsTheRead(long askedFor) {
    VariableReader reader =
        new VariableReader(
            new FakeVariables() {
              @Override
              CallResult getVariable(
                  String name,
                  EfiGuid guid,
                  IntHolder attributes,
                  LongHolder size,
                  MemorySegment d) {
                size.value = askedFor;
                return CallResult.completed(EfiStatusCode.BUFFER_TOO_SMALL);
              }
            }.services());

    assertEquals(EfiStatus.BUFFER_TOO_SMALL, reader.read("Any", GUID).status());
    assertEquals(askedFor, reader.dataSize());
  }

  @Test
  void firmwareThatAlwaysAsksForOneByteMoreIsAskedFewTimes() {
    FakeVariables greedy =
        new FakeVariables() {
          @Override
          CallResult getVariable(
              String name, EfiGuid guid, IntHolder attributes, LongHolder size, MemorySegment d) {
            offeredDataSizes.add(size.value++);
            return CallResult.completed(EfiStatusCode.BUFFER_TOO_SMALL);
          }
        };
    VariableReader reader = new VariableReader(greedy.services(), 1 << 20);

    assertEquals(EfiStatus.BUFFER_TOO_SMALL, reader.read("Any", GUID).status());
    assertEquals(11, greedy.offeredDataSizes.size(), greedy.offeredDataSizes.toString());
  }

  @ParameterizedTest
  @ValueSource(longs = {1025, Long.MAX_VALUE, -1})
  void aSizeLargerThanTheBufferIsNotBelieved(long claimed) {
    VariableReader reader =
        new VariableReader(
            new FakeVariables() {
              @Override
              CallResult getVariable(
                  String name,
                  EfiGuid guid,
                  IntHolder attributes,
                  LongHolder size,
                  MemorySegment d) {
                size.value = claimed;
                return CallResult.completed(EfiStatusCode.SUCCESS);
              }
            }.services());

    assertTrue(reader.read("Any", GUID).isSuccess());
    assertEquals(1024, reader.dataSize());
    assertEquals(1024, reader.data().length);
  }

  @Test
  void aRefusalIsHandedOn() {
    CallResult closed = CallResult.refused(Outcome.CLOSED, false, false);
    VariableReader reader =
        new VariableReader(
            new FakeVariables() {
              @Override
              CallResult getVariable(
                  String name,
                  EfiGuid guid,
                  IntHolder attributes,
                  LongHolder size,
                  MemorySegment d) {
                return closed;
              }
            }.services());

    assertEquals(closed, reader.read("Any", GUID));
    assertEquals(0, reader.dataSize());
  }

  @Test
  void misuseIsNamed() {
    RuntimeServices services = firmware.services();
    VariableReader reader = new VariableReader(services);

    assertEquals(
        "maximumBytes must be at least 2: maximumBytes=1",
        assertThrows(IllegalArgumentException.class, () -> new VariableReader(services, 1))
            .getMessage());
    assertEquals(
        "services",
        assertThrows(NullPointerException.class, () -> new VariableReader(null)).getMessage());
    assertEquals(
        "name",
        assertThrows(NullPointerException.class, () -> reader.read(null, GUID)).getMessage());
    assertEquals(
        "guid",
        assertThrows(NullPointerException.class, () -> reader.read("A", null)).getMessage());
  }
}
