// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.spi.ContextRepair;
import io.efirts.api.spi.FirmwareContext;
import io.efirts.x86.machine.IdentitySpace;
import io.efirts.x86.machine.TestMachine;
import io.efirts.x86.machine.VcpuState;
import io.efirts.x86.paging.PagingMode;
import io.efirts.x86.vcpu.Cr3;
import io.efirts.x86.vcpu.Cr4;
import io.efirts.x86.vcpu.ModelX86Vcpu;
import io.efirts.x86.vcpu.X86Vcpu;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** With a PCID the TLB is emptied when translations have changed, without one at every load. */
class PcidTest {
  private static final int PCID = 0x7FF;

  private final TestMachine machine = new TestMachine(PagingMode.FOUR_LEVEL);
  private final ModelX86Vcpu vcpu = machine.vcpu();
  private final EntryFlush flush = new EntryFlush();
  private final IdentitySpace space = machine.space(flush);

  private long flushesOfOneCall(X86FirmwareContext context, FirmwareContext.SaveArea area) {
    long before = vcpu.flushes();
    context.enter(area);
    assertEquals(0, context.leave(area));
    return vcpu.flushes() - before;
  }

  @Test
  void withoutAPcidEachLoadOfCr3Flushes() {
    X86FirmwareContext context = machine.context(space);
    FirmwareContext.SaveArea area = context.newSaveArea();
    assertEquals(2, flushesOfOneCall(context, area));
    assertEquals(2, flushesOfOneCall(context, area));
    vcpu.loadCr4(vcpu.cr4() | Cr4.PCIDE);
    assertEquals(2, flushesOfOneCall(context, area), "also where the host has PCIDs");
  }

  @Test
  void withOneOnlyTheFirstEntryAndThoseAfterChangesFlush() {
    vcpu.loadCr4(vcpu.cr4() | Cr4.PCIDE);
    vcpu.loadAddressSpaceRoot(machine.hostRoot() | 1);
    X86FirmwareContext context = machine.contextBuilder(space).pcid(PCID, flush).build();
    FirmwareContext.SaveArea area = context.newSaveArea();
    Map<String, Long> host = VcpuState.of(vcpu);
    assertEquals(1, flushesOfOneCall(context, area), "whatever was cached with it before");
    assertEquals(0, flushesOfOneCall(context, area));
    space
        .tables()
        .protect(new VirtualAddress(TestMachine.FIRMWARE_DATA), 4096, MappingAttributes.READ_ONLY)
        .flush();
    assertEquals(1, flushesOfOneCall(context, area));
    assertEquals(0, flushesOfOneCall(context, area));
    context.enter(area);
    assertEquals(space.tables().root() | PCID, vcpu.addressSpaceRoot());
    assertEquals(0, context.leave(area));
    assertEquals(host, VcpuState.of(vcpu));
  }

  @Test
  void aChangeMadeWhileEnteringIsFlushedInThatEntry() {
    vcpu.loadCr4(vcpu.cr4() | Cr4.PCIDE);
    vcpu.loadAddressSpaceRoot(machine.hostRoot() | 1);
    X86FirmwareContext context = machine.contextBuilder(space).pcid(PCID, flush).build();
    FirmwareContext.SaveArea area = context.newSaveArea();
    flushesOfOneCall(context, area);
    space.atEntry(() -> flush.flush(space.tables().root(), 0, 4095));
    assertEquals(1, flushesOfOneCall(context, area));
  }

  @Test
  void aNestedEntryWithTheSamePcidKeepsNothingStale() {
    vcpu.loadCr4(vcpu.cr4() | Cr4.PCIDE);
    vcpu.loadAddressSpaceRoot(machine.hostRoot() | PCID);
    X86FirmwareContext context = machine.contextBuilder(space).pcid(PCID, flush).build();
    FirmwareContext.SaveArea area = context.newSaveArea();
    flushesOfOneCall(context, area);
    assertEquals(1, flushesOfOneCall(context, area), "back to that PCID: flushed");
  }

  /** Under either PCID, what was translated meanwhile may come from tables of firmware's choice. */
  @Test
  void afterFirmwareHasLoadedCr3NothingIsKept() {
    vcpu.loadCr4(vcpu.cr4() | Cr4.PCIDE);
    vcpu.loadAddressSpaceRoot(machine.hostRoot() | 1);
    X86FirmwareContext context = machine.contextBuilder(space).pcid(PCID, flush).build();
    FirmwareContext.SaveArea area = context.newSaveArea();
    flushesOfOneCall(context, area);
    context.enter(area);
    vcpu.loadAddressSpaceRoot(TestMachine.FIRMWARE_DATA | 1);
    long before = vcpu.flushes();
    assertEquals(ContextRepair.ADDRESS_SPACE_ROOT.bit(), context.leave(area));
    assertEquals(1, vcpu.flushes() - before, "the host's");
    assertEquals(1, flushesOfOneCall(context, area), "firmware's");
    assertEquals(0, flushesOfOneCall(context, area));
  }

  @Test
  void aClearedPcideIsRepairedInAnOrderAProcessorTakes() {
    vcpu.loadCr4(vcpu.cr4() | Cr4.PCIDE);
    vcpu.loadAddressSpaceRoot(machine.hostRoot() | 1);
    X86FirmwareContext context =
        machine.contextBuilder(space, strict(vcpu)).pcid(PCID, flush).build();
    FirmwareContext.SaveArea area = context.newSaveArea();
    Map<String, Long> host = VcpuState.of(vcpu);
    context.enter(area);
    vcpu.loadCr4(vcpu.cr4() & ~Cr4.PCIDE);
    assertEquals(ContextRepair.PRESERVED_REGISTER.bit(), context.leave(area));
    assertEquals(host, VcpuState.of(vcpu));
  }

  /** Raises a general protection as a processor does: CR4.PCIDE is set while CR3 holds a PCID. */
  private static X86Vcpu strict(X86Vcpu vcpu) {
    return (X86Vcpu)
        Proxy.newProxyInstance(
            PcidTest.class.getClassLoader(),
            new Class<?>[] {X86Vcpu.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("loadCr4")) {
                long set = (long) arguments[0] & ~vcpu.cr4();
                assertTrue(
                    (set & Cr4.PCIDE) == 0 || (vcpu.addressSpaceRoot() & Cr3.PCID) == 0,
                    "CR4.PCIDE is set while CR3 holds a PCID");
              }
              return method.invoke(vcpu, arguments);
            });
  }

  @Test
  void aPcidIs1To4095OnAProcessorThatHasThem() {
    X86FirmwareContextBuilder builder = machine.contextBuilder(space);
    assertThrows(IllegalArgumentException.class, () -> builder.pcid(0, flush));
    assertThrows(IllegalArgumentException.class, () -> builder.pcid(4096, flush));
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> builder.pcid(4095, flush).build());
    assertEquals(
        "CR4.PCIDE must be set for a PCID: pcid=4095, cr4=0x" + Long.toHexString(vcpu.cr4()),
        refused.getMessage());
  }
}
