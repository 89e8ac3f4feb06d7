// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spi.Firmware;
import io.efirts.testkit.FirmwareCaller;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each behaviour throws what it says, on every call. */
@Timeout(60)
class FirmwareThrowsTest {
  @Test
  void aFaultSaysWhatAndWhere() {
    FirmwareCaller caller =
        BrokenFirmware.caller(
            FirmwareThrows.fault(FaultKind.BRANCH_TARGET, 0xffff_8000_0000_0010L, Access.EXECUTE));
    FirmwareFault first = (FirmwareFault) thrownBy(caller);
    assertEquals(FaultKind.BRANCH_TARGET, first.kind());
    assertEquals(0xffff_8000_0000_0010L, first.address());
    assertEquals(Access.EXECUTE, first.access());
    assertNotSame(first, thrownBy(caller));
  }

  @Test
  void givenThrowablesAreThrownThemselves() {
    RuntimeException exception = new IllegalStateException("told so");
    assertSame(exception, thrownBy(BrokenFirmware.caller(FirmwareThrows.exception(exception))));
    Error error = new LinkageError("told so");
    assertSame(error, thrownBy(BrokenFirmware.caller(FirmwareThrows.error(error))));
  }

  @Test
  void theStackReallyRunsOut() {
    Throwable thrown = thrownBy(BrokenFirmware.caller(FirmwareThrows.stackOverflow()));
    assertEquals(StackOverflowError.class, thrown.getClass());
    assertEquals("recurse", thrown.getStackTrace()[0].getMethodName());
  }

  @Test
  void memoryReallyRunsOut() {
    Throwable thrown = thrownBy(BrokenFirmware.caller(FirmwareThrows.outOfMemory()));
    assertEquals(OutOfMemoryError.class, thrown.getClass());
  }

  @Test
  void allOfThemThrowAndNoKindOfFaultIsMissing() {
    Set<FaultKind> missing = EnumSet.allOf(FaultKind.class);
    List<Class<?>> others = new ArrayList<>();
    for (Firmware behaviour : FirmwareThrows.all().values()) {
      Throwable thrown = thrownBy(BrokenFirmware.caller(behaviour));
      if (thrown instanceof FirmwareFault fault) {
        missing.remove(fault.kind());
      } else {
        others.add(thrown.getClass());
      }
    }
    assertEquals(Set.of(), missing);
    assertEquals(
        List.of(
            IllegalStateException.class,
            AssertionError.class,
            StackOverflowError.class,
            OutOfMemoryError.class),
        others);
  }

  private static Throwable thrownBy(FirmwareCaller caller) {
    return assertThrows(Throwable.class, () -> caller.getTime(new EfiTimeHolder(), null));
  }
}
