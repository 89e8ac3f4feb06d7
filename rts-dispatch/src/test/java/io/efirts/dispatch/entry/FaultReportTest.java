// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.Firmware;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.event.FaultReport;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.fault.FirmwareThrows;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an embedder learns about a fault: where, on which thread, near what, and why perhaps. */
@Timeout(60)
class FaultReportTest {
  private static final long BASE = 0x7000_0000L;
  private static final long END = BASE + 4 * EfiMemoryDescriptor.PAGE_SIZE_BYTES;

  private static EfiMemoryDescriptor descriptor(int type, long virtualStart, long attribute) {
    return new EfiMemoryDescriptor(type, BASE, virtualStart, 4, attribute);
  }

  private static FaultReport faultOf(Firmware fault, EfiMemoryDescriptor known) {
    ScriptedFirmware firmware = new ScriptedFirmware().on(RuntimeService.GET_TIME, fault);
    try (Dispatcher dispatcher =
        Dispatcher.builder()
            .firmware(() -> new FirmwareInstance(firmware, new MappedContext(known)))
            .calls(4)
            .start()) {
      dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null);
      return dispatcher.fault().orElseThrow();
    }
  }

  private static FaultReport notMapped(long address, EfiMemoryDescriptor known) {
    return faultOf(FirmwareThrows.fault(FaultKind.NOT_MAPPED, address, Access.READ), known);
  }

  @Test
  void namesServiceThreadAddressAndTheNearestDescriptor() {
    EfiMemoryDescriptor known =
        descriptor(MemoryType.RUNTIME_SERVICES_DATA, 0, MemoryAttributes.RUNTIME);
    FaultReport report = notMapped(BASE + 8, known);
    assertEquals(RuntimeService.GET_TIME, report.service());
    assertEquals(0, report.vendorEntryPoint());
    assertEquals("efi-rts", report.threadName());
    assertEquals(BASE + 8, ((FirmwareFault) report.thrown()).address());
    assertSame(known, report.nearestDescriptor());
    String text = report.toString();
    assertTrue(text.startsWith("fault in GetTime on efi-rts: "), text);
    assertTrue(text.contains("0x70000008"), text);
    assertTrue(text.contains(known.toString()), text);
    assertTrue(text.endsWith("; " + report.likelyCause()), text);
  }

  @Test
  void namesAVendorsEntryAndTheCallersThread() {
    ScriptedFirmware firmware =
        new ScriptedFirmware().onVendor(0xABCD_EF00L, FirmwareThrows.error(new Error("vendor")));
    try (Dispatcher dispatcher = Dispatcher.builder().firmware(firmware).invoker().start()) {
      dispatcher.abi().callVendor(0xABCD_EF00L, 0, 0, 0, 0, 0, 0, 0);
      FaultReport report = dispatcher.fault().orElseThrow();
      assertNull(report.service());
      assertEquals(0xABCD_EF00L, report.vendorEntryPoint());
      assertEquals(Thread.currentThread().getName(), report.threadName());
      assertNull(report.nearestDescriptor(), "it has no address");
      assertTrue(report.toString().startsWith("fault in vendor entry 0xabcdef00 on "));
    }
  }

  @Test
  void keepsTheFirstFault() {
    ScriptedFirmware firmware = new ScriptedFirmware();
    firmware.on(RuntimeService.GET_TIME, FirmwareThrows.error(new Error("first")));
    firmware.crashEntry(
        frame -> {
          throw new Error("second");
        });
    try (Dispatcher dispatcher = Dispatcher.builder().firmware(firmware).invoker().start()) {
      dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null);
      dispatcher.abi().call(RuntimeService.RESET_SYSTEM, 0, 0, 0, 0, 0);
      assertEquals("first", dispatcher.fault().orElseThrow().thrown().getMessage());
    }
  }

  static Stream<Arguments> causes() {
    EfiMemoryDescriptor runtime =
        descriptor(MemoryType.RUNTIME_SERVICES_DATA, 0, MemoryAttributes.RUNTIME);
    EfiMemoryDescriptor boot = descriptor(MemoryType.BOOT_SERVICES_DATA, 0, 0);
    EfiMemoryDescriptor mapped =
        descriptor(MemoryType.RUNTIME_SERVICES_DATA, -4096L * 16, MemoryAttributes.RUNTIME);
    return Stream.of(
        Arguments.of(FaultKind.NOT_MAPPED, 0L, Access.READ, runtime, "null pointer"),
        Arguments.of(FaultKind.NOT_MAPPED, 4095L, Access.READ, null, "null pointer"),
        Arguments.of(FaultKind.NOT_MAPPED, 4096L, Access.READ, null, "page tables do not map"),
        Arguments.of(FaultKind.NOT_MAPPED, BASE - 1, Access.READ, runtime, "no descriptor"),
        Arguments.of(FaultKind.NOT_MAPPED, BASE, Access.READ, runtime, "left out of"),
        Arguments.of(FaultKind.NOT_MAPPED, END - 1, Access.WRITE, runtime, "left out of"),
        Arguments.of(FaultKind.NOT_MAPPED, END, Access.WRITE, runtime, "no descriptor"),
        Arguments.of(FaultKind.NOT_MAPPED, BASE, Access.READ, boot, "not declared for runtime use"),
        Arguments.of(FaultKind.NOT_MAPPED, -4096L * 16, Access.READ, mapped, "left out of"),
        Arguments.of(FaultKind.NOT_MAPPED, -4096L * 12, Access.READ, mapped, "no descriptor"),
        Arguments.of(FaultKind.PROTECTION, BASE, Access.EXECUTE, runtime, "do not let execute"),
        Arguments.of(FaultKind.PROTECTION, BASE, Access.WRITE, runtime, "do not permit"),
        Arguments.of(FaultKind.NO_MEMORY, BASE, Access.READ, runtime, "there is no memory"),
        Arguments.of(FaultKind.NON_CANONICAL, 1L << 60, Access.READ, null, "corrupt"),
        Arguments.of(FaultKind.BRANCH_TARGET, BASE, Access.EXECUTE, null, "branch targets"),
        Arguments.of(FaultKind.ALIGNMENT, BASE + 1, Access.READ, runtime, "not aligned"));
  }

  @ParameterizedTest
  @MethodSource("causes")
  void namesALikelyCause(
      FaultKind kind, long address, Access access, EfiMemoryDescriptor known, String cause) {
    FaultReport report = faultOf(FirmwareThrows.fault(kind, address, access), known);
    assertTrue(report.likelyCause().contains(cause), report.likelyCause());
  }

  @Test
  void namesALikelyCauseOfErrorsOfTheJvm() {
    assertEquals(
        "the firmware recursed without end or its stack is too small",
        faultOf(FirmwareThrows.stackOverflow(), null).likelyCause());
    assertEquals(
        "the firmware, or its thread, found no memory left",
        faultOf(FirmwareThrows.outOfMemory(), null).likelyCause());
    assertEquals(
        "an exception or error in the firmware's own Java code",
        faultOf(FirmwareThrows.exception(new IllegalStateException()), null).likelyCause());
  }
}
