// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.story;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.ContextRepair;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.arm64.context.Arm64FirmwareContext;
import io.efirts.arm64.context.MaskedInterrupts;
import io.efirts.arm64.context.Preemption;
import io.efirts.arm64.machine.IdentitySpace;
import io.efirts.arm64.machine.TestMachine;
import io.efirts.arm64.machine.VcpuState;
import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.vcpu.Arm64Register;
import io.efirts.arm64.vcpu.Arm64Vcpu;
import io.efirts.arm64.vcpu.ModelArm64Vcpu;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.emergency.Emergency;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A story of 2025. Firmware of arm64 machines was called with preemption disabled, since the kernel
 * had put firmware's address space in place by hand and its scheduler knew nothing of it: a call
 * that wrote flash for milliseconds was a hole of milliseconds in everybody else's schedule. The
 * worker then took the address space for its own, as threads of a kernel take one, so that the
 * scheduler brings it back with the worker. What had to be found out on the way was that a call
 * cannot move to another processor, that a crash may write its dump from an interrupt on top of a
 * call, and that with software PAN the scheme does not work.
 */
@Timeout(60)
class PreemptibleCallStoryTest {
  private static final EfiGuid GUID = new EfiGuid(1, 2);
  private static final long STATUS = EfiStatus.WARN_STALE_DATA.raw();
  private static final long IRQ = 0x80;

  private final TestMachine machine = new TestMachine(Granule.FOUR_KIB);
  private final ModelArm64Vcpu vcpu = machine.vcpu();
  private final ModelArm64Vcpu secondVcpu = machine.processor();
  private final IdentitySpace space = machine.space();
  private final IdentitySpace crashSpace = machine.crashSpace();
  private final long efiRoot = space.tables().root();
  private final VirtualClock clock = new VirtualClock();
  private final MaskedInterrupts masked = new MaskedInterrupts(clock);
  private final ScriptedFirmware firmware = new ScriptedFirmware();
  private final List<DispatcherEvent> told = new ArrayList<>();
  private final List<Long> roots = new ArrayList<>();
  private HostScheduler scheduler;
  private Arm64FirmwareContext context;

  /** The one whose call is interrupted by a crash. */
  private Dispatcher crashed;

  private Dispatcher start(boolean softwarePan) {
    vcpu.loadDaif(0);
    vcpu.onDaifWrite(masked::daifWritten);
    scheduler = new HostScheduler(vcpu, machine.hostRoot(), softwarePan);
    context = machine.contextBuilder(space, scheduler).maskedInterrupts(masked).build();
    Arm64FirmwareContext crashContext = machine.crashContext(crashSpace, scheduler);
    return Dispatcher.builder()
        .firmware(() -> new FirmwareInstance(firmware, context, crashContext))
        .calls(2)
        .bufferBytes(1024)
        .storageReserve(0)
        .invoker()
        .closeWait(Duration.ZERO)
        .listener(told::add)
        .start();
  }

  /** The worker has adopted the address space, and the scheduler knows. */
  private Dispatcher startAdopted() {
    Dispatcher dispatcher = start(false);
    context.adoptedSpace().adopt(vcpu);
    scheduler.onSwitchedIn(context.adoptedSpace()::switchedIn);
    return dispatcher;
  }

  private void inTheMiddle(Consumer<CallFrame> event) {
    firmware.on(
        RuntimeService.GET_TIME,
        frame -> {
          event.accept(frame);
          return STATUS;
        });
  }

  private static CallResult getTime(Dispatcher dispatcher) {
    return dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null);
  }

  private void noteRoot(Arm64Vcpu processor) {
    roots.add(processor.addressSpaceRoot());
  }

  @Test
  void aCallIsPreemptedInTheMiddleAndGoesOnInItsAddressSpace() {
    inTheMiddle(
        frame -> {
          noteRoot(vcpu);
          frame.memory().putLong(TestMachine.FIRMWARE_DATA, 42);
          Registers.fillFloatingPoint(vcpu, 0x33);
          Map<String, Long> inside = VcpuState.of(vcpu);
          assertTrue(scheduler.tick(() -> noteRoot(vcpu)));
          assertEquals(inside, VcpuState.of(vcpu));
          noteRoot(vcpu);
          assertEquals(42, frame.memory().getLong(TestMachine.FIRMWARE_DATA));
          Registers.clearFloatingPoint(vcpu);
        });
    try (Dispatcher dispatcher = startAdopted()) {
      Map<String, Long> worker = VcpuState.of(vcpu);
      assertEquals(CallResult.completed(STATUS), getTime(dispatcher));
      assertEquals(worker, VcpuState.of(vcpu));
      dispatcher.pump();
    }
    assertEquals(List.of(efiRoot, machine.hostRoot(), efiRoot), roots);
    assertTrue(scheduler.isIdleAgain());
    assertEquals(List.of(), repairs(), "nothing was broken");
  }

  @Test
  void aSchedulerThatDoesNotKnowWouldResumeItInSomebodyElses() {
    inTheMiddle(
        frame -> {
          scheduler.onSwitchedIn(processor -> {});
          assertTrue(scheduler.tick(() -> {}));
          noteRoot(vcpu);
        });
    try (Dispatcher dispatcher = startAdopted()) {
      assertEquals(CallResult.completed(STATUS), getTime(dispatcher));
      assertEquals(efiRoot, vcpu.addressSpaceRoot());
      dispatcher.pump();
    }
    assertEquals(List.of(machine.hostRoot()), roots, "what happened before the worker adopted it");
    assertEquals(List.of(Set.of(ContextRepair.ADDRESS_SPACE_ROOT)), repairs());
  }

  @Test
  void anInterruptedCallGoesOnWhereItWasMade() {
    Map<String, Long> second = VcpuState.of(secondVcpu);
    inTheMiddle(
        frame -> {
          assertTrue(scheduler.isMigrationDisabled());
          IllegalStateException refused =
              assertThrows(
                  IllegalStateException.class,
                  () -> scheduler.tickAndResumeOn(secondVcpu, () -> {}));
          assertTrue(
              refused.getMessage().startsWith("an interrupted call must go on where it was made"),
              refused::getMessage);
          assertEquals(second, VcpuState.of(secondVcpu));
          assertEquals(vcpu, scheduler.currentVcpu());
          assertEquals(efiRoot, vcpu.addressSpaceRoot());
        });
    try (Dispatcher dispatcher = startAdopted()) {
      assertEquals(CallResult.completed(STATUS), getTime(dispatcher));
    }
    assertTrue(scheduler.isIdleAgain());
  }

  @Test
  void betweenCallsTheWorkerMovesAndTakesTheAddressSpaceAlong() {
    inTheMiddle(frame -> noteRoot(scheduler.currentVcpu()));
    try (Dispatcher dispatcher = startAdopted()) {
      getTime(dispatcher);
      assertTrue(scheduler.tickAndResumeOn(secondVcpu, () -> {}));
      assertEquals(efiRoot, secondVcpu.addressSpaceRoot());
      vcpu.loadAddressSpaceRoot(machine.hostRoot());
      assertEquals(CallResult.completed(STATUS), getTime(dispatcher));
      assertEquals(machine.hostRoot(), vcpu.addressSpaceRoot(), "somebody else's now");
    }
    assertEquals(List.of(efiRoot, efiRoot), roots);
  }

  /** I-14: stack and floating-point state of the call are not the crash write's. */
  @Test
  void aCrashWriteFromAnInterruptOnTopOfACallTouchesNothingOfIt() {
    List<Long> stacks = new ArrayList<>();
    firmware.crashEntry(
        frame -> {
          noteRoot(vcpu);
          stacks.add(vcpu.get(Arm64Register.SP));
          assertFalse(scheduler.tick(() -> {}), "nobody preempts a crash");
          Registers.fill(vcpu, 0x66);
          vcpu.loadSvcr(1);
          return 0;
        });
    List<CallResult> written = new ArrayList<>();
    inTheMiddle(frame -> crashWriteOnTop(frame, stacks, written));
    try (Dispatcher dispatcher = startAdopted()) {
      crashed = dispatcher;
      Map<String, Long> worker = VcpuState.of(vcpu);
      getTime(dispatcher);
      assertEquals(worker, VcpuState.of(vcpu), "as the call found it");
    }
    assertEquals(List.of(CallResult.completed(0)), written);
    assertEquals(List.of(efiRoot, crashSpace.tables().root()), roots);
    assertFalse(machine.stacks().bottom(0) <= stacks.get(1) && stacks.get(1) <= stacks.get(0));
    assertTrue(scheduler.isIdleAgain());
  }

  private void crashWriteOnTop(CallFrame frame, List<Long> stacks, List<CallResult> written) {
    noteRoot(vcpu);
    stacks.add(vcpu.get(Arm64Register.SP));
    long local = vcpu.get(Arm64Register.SP) - 64;
    frame.memory().putLong(local, 0xF00D);
    Registers.fillFloatingPoint(vcpu, 0x33);
    Map<String, Long> inside = VcpuState.of(vcpu);
    scheduler.interrupt(
        () -> {
          Emergency emergency = crashed.beginEmergency(Duration.ZERO);
          written.add(emergency.setVariable("dump-0", GUID, 7, 0, null));
          emergency.end();
        });
    assertEquals(inside, VcpuState.of(vcpu), "V0 to V31, FPSR and FPCR with it");
    assertEquals(0xF00D, frame.memory().getLong(local));
    Registers.clearFloatingPoint(vcpu);
  }

  @Test
  void firmwareThatMasksInterruptsIsNoticed() {
    inTheMiddle(
        frame -> {
          vcpu.writeDaif(IRQ);
          assertFalse(scheduler.tick(() -> {}), "the timer does not get through");
          clock.advance(Duration.ofMillis(3));
          vcpu.writeDaif(0);
          assertTrue(scheduler.tick(() -> {}));
          clock.advance(Duration.ofMillis(100));
          vcpu.writeDaif(IRQ);
          clock.advance(Duration.ofMillis(4));
        });
    try (Dispatcher dispatcher = startAdopted()) {
      assertEquals(CallResult.completed(STATUS), getTime(dispatcher), "the status is untouched");
      assertEquals(0, vcpu.daif());
      dispatcher.pump();
    }
    assertEquals(1, context.maskedInterrupts().calls());
    assertEquals(Duration.ofMillis(7).toNanos(), context.maskedInterrupts().longestNanos());
    assertEquals(List.of(Set.of(ContextRepair.INTERRUPT_MASK)), repairs());
  }

  @Test
  void aDirectCallOfAnotherTaskDisablesPreemption() {
    List<Boolean> preempted = new ArrayList<>();
    firmware.on(
        RuntimeService.SET_VARIABLE,
        frame -> {
          noteRoot(vcpu);
          preempted.add(scheduler.tick(() -> {}));
          return STATUS;
        });
    try (Dispatcher dispatcher = startAdopted()) {
      vcpu.loadAddressSpaceRoot(machine.hostRoot());
      assertEquals(
          CallResult.completed(STATUS),
          dispatcher.nonBlocking().setVariable("n", GUID, 7, 0, null));
    }
    assertEquals(List.of(false), preempted);
    assertEquals(List.of(efiRoot), roots);
    assertEquals(machine.hostRoot(), vcpu.addressSpaceRoot());
    assertTrue(scheduler.isIdleAgain());
  }

  @Test
  void underSoftwarePanCallsAreMadeTheOldWayAndTheContextSaysSo() {
    List<Boolean> preempted = new ArrayList<>();
    inTheMiddle(
        frame -> {
          noteRoot(vcpu);
          preempted.add(scheduler.tick(() -> {}));
        });
    try (Dispatcher dispatcher = start(true)) {
      assertEquals(Preemption.SOFTWARE_PAN, context.preemption());
      assertThrows(IllegalStateException.class, context::adoptedSpace);
      assertEquals(CallResult.completed(STATUS), getTime(dispatcher));
    }
    assertEquals(List.of(false), preempted);
    assertEquals(List.of(efiRoot), roots);
    assertEquals(machine.hostRoot(), vcpu.addressSpaceRoot());
    assertTrue(scheduler.isIdleAgain());
  }

  private List<Set<ContextRepair>> repairs() {
    List<Set<ContextRepair>> repairs = new ArrayList<>();
    for (DispatcherEvent event : told) {
      if (event instanceof DispatcherEvent.ContextRepaired repaired) {
        repairs.add(repaired.repairs());
      }
    }
    return repairs;
  }
}
