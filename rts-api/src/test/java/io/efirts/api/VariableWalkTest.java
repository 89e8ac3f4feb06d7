// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiStatusCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Walking over all variables with {@link VariableReader}. */
class VariableWalkTest {
  private static CallResult walk(VariableReader reader, List<String> names) {
    CallResult result;
    while ((result = reader.next()).isSuccess()) {
      names.add(reader.name());
    }
    return result;
  }

  @Test
  void everyVariableIsSteppedToOnceAndTheEndIsNotFound() {
    FakeVariables firmware = new FakeVariables().with("A", 7).with("B", 7).with("C", 7);
    VariableReader reader = new VariableReader(firmware.services());
    List<String> names = new ArrayList<>();

    assertEquals(EfiStatus.NOT_FOUND, walk(reader, names).status());
    assertEquals(List.of("A", "B", "C"), names);
    assertEquals("C", reader.name());
    assertEquals(FakeVariables.GUID, reader.guid());
    assertEquals(EfiStatus.NOT_FOUND, reader.next().status());
  }

  @Test
  void beforeTheFirstVariableThereIsNoName() {
    VariableReader reader = new VariableReader(new FakeVariables().with("A", 7).services());

    assertEquals("", reader.name());
    assertEquals(new EfiGuid(0, 0), reader.guid());
    reader.next();
    reader.restart();
    assertEquals("", reader.name());
  }

  @Test
  void aRestartedWalkGivesTheSameVariables() {
    FakeVariables firmware = new FakeVariables().with("A", 7).with("B", 7);
    VariableReader reader = new VariableReader(firmware.services());
    List<String> first = new ArrayList<>();
    List<String> second = new ArrayList<>();

    walk(reader, first);
    reader.restart();

    assertEquals(EfiStatus.NOT_FOUND, walk(reader, second).status());
    assertEquals(first, second);
  }

  @Test
  void readingDoesNotMoveTheWalk() {
    FakeVariables firmware = new FakeVariables().with("A", 7, (byte) 1).with("B", 3, (byte) 2);
    VariableReader reader = new VariableReader(firmware.services());

    reader.next();
    reader.read("B", FakeVariables.GUID);

    assertEquals("A", reader.name());
    reader.next();
    assertEquals("B", reader.name());
  }

  @ParameterizedTest
  @ValueSource(ints = {254, 255, 256, 2047})
  void theNameBufferGrowsUpToTheMaximum(int length) {
    FakeVariables firmware = new FakeVariables().with("A", 7).with("N".repeat(length), 7);
    VariableReader reader = new VariableReader(firmware.services(), 4096);
    List<String> names = new ArrayList<>();

    assertEquals(EfiStatus.NOT_FOUND, walk(reader, names).status());
    assertEquals(List.of("A", "N".repeat(length)), names);
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 4097})
  void aNameAboveTheMaximumEndsTheWalkWhereItIs(int maximumBytes) {
    FakeVariables firmware = new FakeVariables().with("A", 7).with("N".repeat(2048), 7);
    VariableReader reader = new VariableReader(firmware.services(), maximumBytes);
    List<String> names = new ArrayList<>();

    assertEquals(EfiStatus.BUFFER_TOO_SMALL, walk(reader, names).status());
    assertEquals(List.of("A"), names);
    assertEquals("A", reader.name());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 512, 65_537, Long.MAX_VALUE, Long.MIN_VALUE, -1})
  void aNameSizeThatGrowingDoesNotHelpEndsTheWalk(long askedFor) {
    VariableReader reader =
        new VariableReader(
            new FakeVariables() {
              @Override
              CallResult getNextVariableName(VariableNameCursor cursor) {
                cursor.sizeBytes(askedFor);
                return CallResult.completed(EfiStatusCode.BUFFER_TOO_SMALL);
              }
            }.services());

    assertEquals(EfiStatus.BUFFER_TOO_SMALL, reader.next().status());
  }

  @Test
  void firmwareThatAlwaysAsksForOneByteMoreIsAskedFewTimes() {
    FakeVariables greedy =
        new FakeVariables() {
          @Override
          CallResult getNextVariableName(VariableNameCursor cursor) {
            offeredNameSizes.add(cursor.capacityBytes());
            cursor.sizeBytes(cursor.capacityBytes() + 1L);
            return CallResult.completed(EfiStatusCode.BUFFER_TOO_SMALL);
          }
        };
    VariableReader reader = new VariableReader(greedy.services(), 1 << 16);

    assertEquals(EfiStatus.BUFFER_TOO_SMALL, reader.next().status());
    assertEquals(
        List.of(512, 1024, 2048, 4096, 8192, 16384, 32768, 65536), greedy.offeredNameSizes);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 100})
  void aWalkThatCirclesEndsAtTheFirstRepetition(int period) {
    int[] steps = {0};
    VariableReader reader =
        new VariableReader(
            new FakeVariables() {
              @Override
              CallResult getNextVariableName(VariableNameCursor cursor) {
                return step(cursor, "V" + steps[0]++ % period);
              }
            }.services());
    List<String> names = new ArrayList<>();

    assertEquals(EfiStatus.DEVICE_ERROR, walk(reader, names).status());
    assertEquals(period, names.size());
    assertEquals(period + 1, steps[0]);
    assertEquals(EfiStatus.DEVICE_ERROR, reader.next().status());
    assertEquals(period + 1, steps[0], "a broken walk asks no more");
    assertTrue(reader.isAstray());
    reader.restart();
    assertFalse(reader.isAstray());
    assertTrue(reader.next().isSuccess());
  }

  @Test
  void anErrorOfFirmwaresIsNoWalkAstray() {
    VariableReader reader =
        new VariableReader(
            new FakeVariables() {
              @Override
              CallResult getNextVariableName(VariableNameCursor cursor) {
                return CallResult.completed(EfiStatusCode.DEVICE_ERROR);
              }
            }.services());

    assertEquals(EfiStatus.DEVICE_ERROR, reader.next().status());
    assertFalse(reader.isAstray());
  }

  @Test
  void aWalkWithoutEndIsEnded() {
    String longName = "N".repeat(30_000);
    long[] steps = {0};
    VariableReader reader =
        new VariableReader(
            new FakeVariables() {
              @Override
              CallResult getNextVariableName(VariableNameCursor cursor) {
                return step(cursor, longName + steps[0]++);
              }
            }.services());

    assertEquals(EfiStatus.DEVICE_ERROR, walk(reader, new ArrayList<>()).status());
    assertTrue(
        steps[0] * Character.BYTES * longName.length() < 1.01 * VariableReader.WALK_LIMIT_BYTES,
        "steps=" + steps[0]);
  }

  @Test
  void anEmptyNameWouldStartTheWalkAgainAndEndsIt() {
    VariableReader reader =
        new VariableReader(
            new FakeVariables() {
              @Override
              CallResult getNextVariableName(VariableNameCursor cursor) {
                return step(cursor, "");
              }
            }.services());

    assertEquals(EfiStatus.DEVICE_ERROR, reader.next().status());
  }

  @Test
  void theSameNameInAnotherNamespaceIsAnotherVariable() {
    VariableReader reader =
        new VariableReader(
            new FakeVariables() {
              private long namespace;

              @Override
              CallResult getNextVariableName(VariableNameCursor cursor) {
                if (namespace == 2) {
                  return CallResult.completed(EfiStatusCode.NOT_FOUND);
                }
                CallResult result = step(cursor, "Same");
                new EfiGuid(++namespace, 0).write(cursor.guidBytes(), 0);
                return result;
              }
            }.services());
    List<String> names = new ArrayList<>();

    assertEquals(EfiStatus.NOT_FOUND, walk(reader, names).status());
    assertEquals(List.of("Same", "Same"), names);
    assertEquals(new EfiGuid(2, 0), reader.guid());
  }
}
