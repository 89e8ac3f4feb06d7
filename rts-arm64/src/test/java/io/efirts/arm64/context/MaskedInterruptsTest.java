// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.context;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.spi.ContextRepair;
import io.efirts.api.spi.FirmwareContext;
import io.efirts.arm64.machine.TestMachine;
import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.vcpu.ModelArm64Vcpu;
import io.efirts.testkit.VirtualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The time firmware keeps interrupts masked is told as it was, and only what firmware masked. */
class MaskedInterruptsTest {
  private static final long IRQ = 0x80;
  private static final long DEBUG = 0x200;

  private final VirtualClock clock = new VirtualClock();
  private final MaskedInterrupts measure = new MaskedInterrupts(clock);
  private final TestMachine machine = new TestMachine(Granule.FOUR_KIB);
  private final ModelArm64Vcpu vcpu = machine.vcpu();
  private final Arm64FirmwareContext context =
      machine.contextBuilder(machine.space()).maskedInterrupts(measure).build();
  private final FirmwareContext.SaveArea area = context.newSaveArea();

  MaskedInterruptsTest() {
    vcpu.loadDaif(0);
    vcpu.onDaifWrite(measure::daifWritten);
  }

  private void wait(int nanos) {
    clock.advance(Duration.ofNanos(nanos));
  }

  private void maskedFor(int nanos) {
    vcpu.writeDaif(IRQ);
    wait(nanos);
    vcpu.writeDaif(0);
  }

  private void assertMeasured(long calls, long last, long longest, long total) {
    assertEquals(calls, measure.calls());
    assertEquals(last, measure.lastNanos());
    assertEquals(longest, measure.longestNanos());
    assertEquals(total, measure.totalNanos());
  }

  @Test
  void spansOfOneCallAddUpAndCallsAreCompared() {
    context.enter(area);
    maskedFor(100);
    wait(1000);
    maskedFor(50);
    assertEquals(0, context.leave(area), "firmware put it back");
    assertMeasured(1, 150, 150, 150);
    context.enter(area);
    maskedFor(30);
    context.leave(area);
    assertMeasured(2, 30, 150, 180);
    context.enter(area);
    context.leave(area);
    assertMeasured(2, 30, 150, 180);
  }

  @Test
  void whoReturnsMaskedIsTimedUntilTheRepair() {
    context.enter(area);
    vcpu.writeDaif(IRQ);
    wait(70);
    vcpu.writeDaif(IRQ | DEBUG);
    wait(7);
    assertEquals(ContextRepair.INTERRUPT_MASK.bit(), context.leave(area));
    assertEquals(0, vcpu.daif());
    wait(1000);
    assertMeasured(1, 77, 77, 77);
    assertEquals(0, measure.untimed());
  }

  @Test
  void aMaskThatNobodyToldOfHasNoTime() {
    context.enter(area);
    vcpu.loadDaif(IRQ);
    wait(70);
    assertEquals(ContextRepair.INTERRUPT_MASK.bit(), context.leave(area));
    assertMeasured(0, 0, 0, 0);
    assertEquals(1, measure.untimed());
  }

  @Test
  void whatAnExceptionMaskedIsNotFirmwares() {
    context.enter(area);
    vcpu.loadPc(TestMachine.FIRMWARE_CODE + 4);
    vcpu.loadDaif(0x3C0);
    context.leave(area);
    assertEquals(0, measure.untimed());
  }

  @Test
  void whatTheCallerMaskedIsNotFirmwares() {
    vcpu.loadDaif(IRQ);
    context.enter(area);
    vcpu.writeDaif(IRQ | DEBUG);
    wait(70);
    vcpu.writeDaif(IRQ);
    context.leave(area);
    vcpu.writeDaif(0);
    vcpu.writeDaif(IRQ);
    wait(70);
    assertMeasured(0, 0, 0, 0);
    assertEquals(0, measure.untimed());
  }

  @Test
  void aNestedEntryIsMeasuredOnItsOwn() {
    context.enter(area);
    vcpu.writeDaif(IRQ);
    wait(5);
    FirmwareContext.SaveArea inner = context.newSaveArea();
    context.enter(inner);
    vcpu.writeDaif(IRQ);
    wait(10);
    context.leave(inner);
    assertMeasured(0, 0, 0, 0);
    wait(20);
    vcpu.writeDaif(0);
    wait(40);
    context.leave(area);
    assertMeasured(1, 35, 35, 35);
  }

  @Test
  void everyContextMeasures() {
    Arm64FirmwareContext other = machine.context(machine.space());
    assertEquals(0, other.maskedInterrupts().calls());
    assertEquals(measure, context.maskedInterrupts());
  }
}
