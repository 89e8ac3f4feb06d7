// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.read;

import static io.efirts.pstore.read.VariableShelf.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.spec.EfiStatusCode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** I-20: erasing a record twice is erasing it once. */
class CrashEraserTest {
  private final CrashRecord first = record("dump-type0-1-1-1000-D", "one");
  private final CrashRecord second = record("dump-type0-2-1-1000", "two");
  private final CrashRecord third = record("dump-type0-3-1-1000-D", "three");
  private final CrashRecord old = record("dump-type0-2-1000", "old");

  @Test
  void eachFormIsErasedUnderItsExactName() {
    VariableShelf shelf = new VariableShelf().with(first).with(second).with(old).withForeign("A");
    CrashEraser eraser = new CrashEraser(shelf.services());

    for (CrashRecord record : List.of(first, second, old)) {
      assertTrue(eraser.erase(record).isSuccess());
    }
    assertEquals(
        List.of("dump-type0-1-1-1000-D", "dump-type0-2-1-1000", "dump-type0-2-1000"),
        shelf.deleted);
    assertEquals(1, shelf.variables.size());
  }

  @Test
  void erasingAgainSucceedsAndChangesNothing() {
    VariableShelf shelf = new VariableShelf().with(first).with(third);
    CrashEraser eraser = new CrashEraser(shelf.services());
    CallResult success = CallResult.completed(EfiStatusCode.SUCCESS);

    assertEquals(success, eraser.erase(first));
    assertEquals(success, eraser.erase(first));
    assertEquals(1, shelf.variables.size());
  }

  @Test
  void aDumpIsErasedFromItsOldestPartOn() {
    VariableShelf shelf = new VariableShelf().with(first).with(third);
    CrashEraser eraser = new CrashEraser(shelf.services());
    CrashDump dump = CrashDump.group(List.of(first, third)).getFirst();

    assertTrue(eraser.erase(dump).isSuccess());
    assertEquals(List.of(third.name().text(), first.name().text()), shelf.deleted);
    assertTrue(eraser.erase(dump).isSuccess());
  }

  @Test
  void aDumpErasedInPartCanBeErasedAgain() {
    int[] deletions = {0};
    VariableShelf shelf =
        new VariableShelf() {
          @Override
          CallResult delete(Key key, int attributes, long size) {
            return ++deletions[0] == 2
                ? CallResult.completed(EfiStatusCode.DEVICE_ERROR)
                : super.delete(key, attributes, size);
          }
        }.with(first).with(third).with(record("dump-type0-4-1-1000-D", "four"));
    CrashEraser eraser = new CrashEraser(shelf.services());
    CrashDump dump =
        CrashDump.group(List.of(first, third, record("dump-type0-4-1-1000-D", "four"))).getFirst();

    assertEquals(CallResult.completed(EfiStatusCode.DEVICE_ERROR), eraser.erase(dump));
    assertEquals(2, shelf.variables.size());
    assertTrue(eraser.erase(dump).isSuccess());
    assertEquals(0, shelf.variables.size());
  }

  @Test
  void aRefusalIsNoSuccess() {
    CallResult refusal = CallResult.refused(Outcome.DISABLED, false, false);
    VariableShelf shelf =
        new VariableShelf() {
          @Override
          CallResult delete(Key key, int attributes, long size) {
            return refusal;
          }
        }.with(first);

    assertEquals(refusal, new CrashEraser(shelf.services()).erase(first));
  }
}
