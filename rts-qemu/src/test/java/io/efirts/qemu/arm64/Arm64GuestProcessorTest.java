// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.arm64;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.paging.PagingMode;
import io.efirts.qemu.agent.AgentArch;
import io.efirts.qemu.agent.FakeAgent;
import io.efirts.qemu.agent.FakeHost;
import io.efirts.qemu.agent.ManualClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What exceptions mean. The syndromes of aborts are those that AAVMF has shown. */
class Arm64GuestProcessorTest {
  private final FakeAgent guest = FakeAgent.announced(AgentArch.AARCH64);
  private final Arm64GuestProcessor processor =
      new Arm64GuestProcessor(
          new GuestArm64Vcpu(
              guest
                  .agent(new FakeHost(/* interrupts= */ false), new ManualClock())
                  .registers(false)),
          /* returnAddress= */ 0x4900_1000,
          new PagingMode(Granule.FOUR_KIB, 44));

  @ParameterizedTest
  @CsvSource({
    "0x96000007, NOT_MAPPED, READ",
    "0x96000045, NOT_MAPPED, WRITE",
    "0x86000005, NOT_MAPPED, EXECUTE",
    "0x86000006, NOT_MAPPED, EXECUTE",
    "0x86000007, NOT_MAPPED, EXECUTE",
    "0x9600004f, PROTECTION, WRITE",
    "0x8600000f, PROTECTION, EXECUTE",
    "0x96000021, ALIGNMENT, READ",
    "0x96000010, NO_MEMORY, READ"
  })
  void anAbortHasItsAddressAndAccess(String esr, FaultKind kind, Access access) {
    FirmwareFault fault = fault(Long.decode(esr), 0x20_0000_0123L);
    assertEquals(kind, fault.kind());
    assertEquals(access, fault.access());
    assertEquals(0x20_0000_0123L, fault.address());
    assertEquals(Long.decode(esr).intValue(), fault.detail());
    assertEquals(0x4C44_1234L, processor.programCounter());
  }

  @Test
  void anAddressThatNoTableCoversIsNotCanonical() {
    FirmwareFault fault = fault(0x96000004L, 1L << 44);
    assertEquals(FaultKind.NON_CANONICAL, fault.kind());
  }

  @ParameterizedTest
  @ValueSource(longs = {0x02000000L, 0x3A000000L, 0xBF000002L, 0x8A000000L, 0x5E000000L, 0})
  void anotherExceptionHasItsSyndromeAndPlace(long esr) {
    FirmwareFault fault = fault(esr, 0x5555);
    assertEquals(FaultKind.PROCESSOR_EXCEPTION, fault.kind());
    assertEquals(0x4C44_1234L, fault.address());
    assertEquals((int) esr, fault.detail());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 5, 6})
  void anInterruptHasNoSyndromeOfItsOwn(long vector) {
    fault(0x96000007L, 0x5555);
    guest.callRegister("REG_VECTOR", vector);
    FirmwareFault fault = processor.fault();
    assertEquals(FaultKind.PROCESSOR_EXCEPTION, fault.kind());
    assertEquals(0x4C44_1234L, fault.address());
    assertEquals(0, fault.detail());
  }

  private FirmwareFault fault(long esr, long far) {
    guest.callRegister("REG_VECTOR", 4);
    guest.callRegister("REG_ESR", esr);
    guest.callRegister("REG_FAR", far);
    guest.callRegister("REG_PC", 0x4C44_1234L);
    return processor.fault();
  }
}
