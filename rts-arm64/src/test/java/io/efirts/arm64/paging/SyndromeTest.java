// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.memory.Access;
import org.junit.jupiter.api.Test;

/** Words that processors have put into ESR_EL1, and what they mean. */
class SyndromeTest {
  @Test
  void wordsSeenOnAProcessor() {
    assertEquals(0x9600_0007, Syndrome.abort(Access.READ, Syndrome.TRANSLATION, 3));
    assertEquals(0x9600_0045, Syndrome.abort(Access.WRITE, Syndrome.TRANSLATION, 1));
    assertEquals(0x8600_0005, Syndrome.abort(Access.EXECUTE, Syndrome.TRANSLATION, 1));
    assertEquals(0x8600_0006, Syndrome.abort(Access.EXECUTE, Syndrome.TRANSLATION, 2));
    assertEquals(0x8600_0007, Syndrome.abort(Access.EXECUTE, Syndrome.TRANSLATION, 3));
    assertEquals(0x9600_004F, Syndrome.abort(Access.WRITE, Syndrome.PERMISSION, 3));
    assertEquals(0x8600_000F, Syndrome.abort(Access.EXECUTE, Syndrome.PERMISSION, 3));
  }

  @Test
  void fieldsComeBack() {
    for (Access access : Access.values()) {
      for (int level = 0; level <= 3; level++) {
        int esr = Syndrome.abort(access, Syndrome.ACCESS_FLAG, level);
        assertEquals(access == Access.EXECUTE ? 0x21 : 0x25, Syndrome.exceptionClass(esr));
        assertEquals(8 + level, Syndrome.faultStatus(esr));
        assertEquals(access, Syndrome.access(esr));
      }
    }
  }

  @Test
  void theLevelIsLeftOutWhereThereIsOne() {
    int[] withLevel = {0x00, 0x04, 0x08, 0x0C, 0x14};
    for (int status : withLevel) {
      for (int level = 0; level <= 3; level++) {
        assertEquals(status, Syndrome.faultStatusAnyLevel(0x9600_0000 | status | level));
      }
    }
    for (int status : new int[] {0x10, 0x11, 0x21, 0x30, 0x31}) {
      assertEquals(status, Syndrome.faultStatusAnyLevel(0x9600_0000 | status));
    }
  }

  /** Arm ARM, ESR_EL1: 0b101001, 0b101011 and 0b010011. */
  @Test
  void levelMinus1HasCodesOfItsOwn() {
    int[][] codes = {{0x00, 0b10_1001}, {0x04, 0b10_1011}, {0x14, 0b01_0011}};
    for (int[] code : codes) {
      int esr = Syndrome.abort(Access.READ, code[0], -1);
      assertEquals(0x9600_0000 | code[1], esr);
      assertEquals(code[1], Syndrome.faultStatus(esr));
      assertEquals(code[0], Syndrome.faultStatusAnyLevel(esr));
      assertTrue(Syndrome.hasAddress(esr));
    }
    assertEquals(0x8600_002B, Syndrome.abort(Access.EXECUTE, Syndrome.TRANSLATION, -1));
    assertEquals(0x9600_0069, Syndrome.abort(Access.WRITE, Syndrome.ADDRESS_SIZE, -1));
  }

  @Test
  void nothingIsMappedAtLevelMinus1() {
    for (int status : new int[] {Syndrome.ACCESS_FLAG, Syndrome.PERMISSION}) {
      IllegalArgumentException refusal =
          assertThrows(
              IllegalArgumentException.class, () -> Syndrome.abort(Access.READ, status, -1));
      assertEquals(
          "fault status must be one that level -1 has: status=0x" + Integer.toHexString(status),
          refusal.getMessage());
    }
  }

  @Test
  void theAddressIsThereUnlessAnExternalAbortSaysNot() {
    assertTrue(Syndrome.hasAddress(0x9600_0007));
    assertTrue(Syndrome.hasAddress(0x8600_0407), "FnV has a meaning in external aborts only");
    assertTrue(Syndrome.hasAddress(0x9600_0010));
    assertFalse(Syndrome.hasAddress(0x9600_0410));
    assertFalse(Syndrome.hasAddress(0x3600_0001));
  }

  @Test
  void words() {
    assertEquals(
        "0x9600004f (data abort, WRITE, permission fault at level 3)",
        Syndrome.describe(0x9600_004F));
    assertEquals(
        "0x86000006 (instruction abort, translation fault at level 2)",
        Syndrome.describe(0x8600_0006));
    assertEquals(
        "0x96000000 (data abort, READ, address size fault at level 0)",
        Syndrome.describe(0x9600_0000));
    assertEquals(
        "0x9600000b (data abort, READ, access flag fault at level 3)",
        Syndrome.describe(0x9600_000B));
    assertEquals(
        "0x96000015 (data abort, READ, external abort on a walk at level 1)",
        Syndrome.describe(0x9600_0015));
    assertEquals(
        "0x9600002b (data abort, READ, translation fault at level -1)",
        Syndrome.describe(0x9600_002B));
    assertEquals(
        "0x86000029 (instruction abort, address size fault at level -1)",
        Syndrome.describe(0x8600_0029));
    assertEquals(
        "0x96000053 (data abort, WRITE, external abort on a walk at level -1)",
        Syndrome.describe(0x9600_0053));
    assertEquals("0x96000050 (data abort, WRITE, external abort)", Syndrome.describe(0x9600_0050));
    assertEquals("0x96000021 (data abort, READ, alignment fault)", Syndrome.describe(0x9600_0021));
    assertEquals(
        "0x96000030 (data abort, READ, fault status 0x30)", Syndrome.describe(0x9600_0030));
    assertEquals("0x36000001 (branch target exception)", Syndrome.describe(0x3600_0001));
    assertEquals("0x02000000 (exception class 0x0)", Syndrome.describe(0x0200_0000));
    assertEquals("0xf2000001 (exception class 0x3c)", Syndrome.describe(0xF200_0001));
  }
}
