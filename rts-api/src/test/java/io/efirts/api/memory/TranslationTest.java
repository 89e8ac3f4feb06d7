// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** A translation is an address or a fault, never mistaken for the other. */
class TranslationTest {
  @Property
  void everyFaultIsReadBack(@ForAll FaultKind kind, @ForAll int detail) {
    long fault = Translation.fault(kind, detail);
    assertTrue(Translation.isFault(fault));
    assertEquals(kind, Translation.faultKind(fault));
    assertEquals(detail, Translation.faultDetail(fault));
  }

  @Property
  void noPhysicalAddressIsAFault(@ForAll @LongRange(min = 0, max = (1L << 52) - 1) long address) {
    assertFalse(Translation.isFault(address));
    assertEquals(
        "translation must be a fault: translation=0x" + Long.toHexString(address),
        assertThrows(IllegalArgumentException.class, () -> Translation.faultKind(address))
            .getMessage());
  }

  @Test
  void aFaultWithoutDetailHasZero() {
    assertEquals(0, Translation.faultDetail(Translation.fault(FaultKind.EXCEPTION)));
  }

  @Test
  void aWordOfNobodysIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Translation.faultKind(Long.MIN_VALUE));
    assertThrows(
        IllegalArgumentException.class,
        () -> Translation.faultKind(~(long) FaultKind.values().length));
  }

  @Test
  void permissionsFollowTheAttributes() {
    for (boolean writable : new boolean[] {false, true}) {
      for (boolean executable : new boolean[] {false, true}) {
        MappingAttributes how = new MappingAttributes(writable, executable, CacheType.WRITE_BACK);
        assertTrue(how.permits(Access.READ));
        assertEquals(writable, how.permits(Access.WRITE));
        assertEquals(executable, how.permits(Access.EXECUTE));
      }
    }
  }
}
