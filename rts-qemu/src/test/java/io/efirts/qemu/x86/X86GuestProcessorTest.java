// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.x86;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.qemu.agent.AgentArch;
import io.efirts.qemu.agent.FakeAgent;
import io.efirts.qemu.agent.FakeHost;
import io.efirts.qemu.agent.ManualClock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What exceptions mean. The codes of page faults are those that OVMF has shown. */
class X86GuestProcessorTest {
  private final FakeAgent guest = FakeAgent.announced(AgentArch.X86_64);
  private final X86GuestProcessor processor =
      new X86GuestProcessor(
          new GuestX86Vcpu(
              guest
                  .agent(new FakeHost(/* interrupts= */ true), new ManualClock())
                  .registers(false)),
          /* returnAddress= */ 0x900_1000);

  @ParameterizedTest
  @CsvSource({
    "0x00, NOT_MAPPED, READ",
    "0x02, NOT_MAPPED, WRITE",
    "0x10, NOT_MAPPED, EXECUTE",
    "0x01, PROTECTION, READ",
    "0x03, PROTECTION, WRITE",
    "0x11, PROTECTION, EXECUTE",
    "0x09, PROTECTION, READ"
  })
  void aPageFaultHasItsAddressAndAccess(String code, FaultKind kind, Access access) {
    guest.callRegister("REG_VECTOR", 14);
    guest.callRegister("REG_ERROR", Long.decode(code));
    guest.callRegister("REG_CR2", 0xFFFF_FFFE_FFEA_0123L);
    guest.callRegister("REG_RIP", 0x1234);
    FirmwareFault fault = processor.fault();
    assertEquals(kind, fault.kind());
    assertEquals(access, fault.access());
    assertEquals(0xFFFF_FFFE_FFEA_0123L, fault.address());
    assertEquals(Long.decode(code), fault.detail());
    assertEquals(0x1234, processor.programCounter());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 3, 6, 8, 13, 18, 21, 255, -1})
  void anotherExceptionHasItsVectorAndPlace(long vector) {
    guest.callRegister("REG_VECTOR", vector);
    guest.callRegister("REG_ERROR", 0x10);
    guest.callRegister("REG_CR2", 0x5555);
    guest.callRegister("REG_RIP", 0x1234);
    FirmwareFault fault = processor.fault();
    assertEquals(FaultKind.PROCESSOR_EXCEPTION, fault.kind());
    assertEquals(0x1234, fault.address());
    assertEquals(vector, fault.detail());
  }
}
