// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.LongHolder;
import io.efirts.api.Outcome;
import io.efirts.api.VariableReader;
import io.efirts.api.call.CallFrame;
import io.efirts.api.call.CallMemory;
import io.efirts.api.memory.Access;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spi.CrashEntry;
import io.efirts.api.spi.Firmware;
import io.efirts.api.spi.FirmwareContext;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.emergency.Emergency;
import io.efirts.dispatch.event.FaultReport;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.storage.MemoryStorage;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvImageException;
import io.efirts.firmware.store.NvLayout;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.Patience;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.step.Occurrence;
import io.efirts.testkit.step.SteppedStorage;
import io.efirts.testkit.step.StorageStep;
import io.efirts.testkit.step.StorageStop;
import io.efirts.x86.context.EfiStacks;
import io.efirts.x86.machine.VcpuState;
import io.efirts.x86.paging.PagingMode;
import io.efirts.x86.vcpu.ModelX86Vcpu;
import io.efirts.x86.vcpu.X86Register;
import io.efirts.x86.vcpu.X86Vcpu;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A thread is stopped inside the firmware, behind its page tables, and another one panics: the
 * crash entry runs in the full 1:1 map (I-2) and writes to nothing that the stopped call was handed
 * (I-14); whenever that goes on, it finds its own context, puts the host's back, and changes no
 * variable (I-28).
 */
@Timeout(120)
class EmergencyContextTest {
  private static final long HOST_ROOT = 0x123_4000;
  private static final EfiGuid GUID = EfiGuid.of("b5e6a3c1-0f4e-4c39-9d1b-6a2f7c58e940");

  /** No memory and no device. */
  private static final long HOLE = 0x9000_0000L;

  private static final int CANARY_BYTES = 8;
  private static final String DUMP = "dump-type0-1-1-0";

  /** Whose processor a panic is on. */
  private enum Processors {
    ONE,
    TWO
  }

  private enum Path {
    QUEUED,
    DIRECT
  }

  private final SteppedStorage storage =
      new SteppedStorage(NvImage.inMemory(NvLayout.OVMF_2M).storage());
  private final X86Vcpu vcpu = host(0x7000_0000L);

  /** A processor in the middle of its host's work. */
  private static X86Vcpu host(long registers) {
    X86Vcpu vcpu = ModelX86Vcpu.of(PagingMode.FOUR_LEVEL, HOST_ROOT);
    for (X86Register register : X86Register.values()) {
      vcpu.set(register, registers + 0x111 * register.ordinal());
    }
    return vcpu;
  }

  /** The reference firmware, with a crash entry that uses processor and stack as code would. */
  private static final class CodeLike implements Firmware {
    final Set<Long> crashRoots = new HashSet<>();
    private final ReferenceHost reference;
    private final X86Vcpu crashVcpu;
    private final CrashEntry crashEntry = this::crash;

    CodeLike(ReferenceHost reference, X86Vcpu crashVcpu) {
      this.reference = reference;
      this.crashVcpu = crashVcpu;
    }

    @Override
    public long call(CallFrame frame) {
      return reference.firmware.call(frame);
    }

    @Override
    public CrashEntry crashEntry() {
      return crashEntry;
    }

    private long crash(CallFrame frame) {
      crashRoots.add(crashVcpu.addressSpaceRoot());
      long top = crashVcpu.get(X86Register.RSP);
      for (long at = top - EfiStacks.DEFAULT_STACK_BYTES + CANARY_BYTES; at < top; at += 8) {
        frame.memory().putLong(at, -1);
      }
      for (PlannedRegion region : reference.host.virtualMap().runtime().regions()) {
        long found = frame.memory().physicalAddress(region.virtualAddress(), Access.WRITE);
        assertEquals(region.physicalAddress(), found);
      }
      return reference.firmware.crashEntry().call(frame);
    }
  }

  @ParameterizedTest
  @EnumSource
  void atEachStepOfAQueuedCall(StorageStep step) throws Exception {
    panicsWhileStopped(step, Path.QUEUED, Processors.ONE);
  }

  @ParameterizedTest
  @CsvSource({
    "BEFORE_WRITE, DIRECT, ONE",
    "AFTER_FORCE, DIRECT, ONE",
    "BEFORE_COMPARE_AND_SET, DIRECT, TWO",
    "BEFORE_FORCE, QUEUED, TWO"
  })
  void onOtherPathsAndProcessors(StorageStep step, Path path, Processors processors)
      throws Exception {
    panicsWhileStopped(step, path, processors);
  }

  private void panicsWhileStopped(StorageStep step, Path path, Processors processors)
      throws Exception {
    X86Vcpu crashVcpu = processors == Processors.ONE ? vcpu : host(0x5000_0000L);
    ReferenceHost reference =
        new ReferenceHost(NvImage.of(storage), builder -> builder.vcpu(vcpu).crashVcpu(crashVcpu));
    CodeLike firmware = new CodeLike(reference, crashVcpu);
    FirmwareInstance instance = reference.virtual(firmware);
    assertNull(instance.failure());
    Map<String, Long> host = VcpuState.of(vcpu);
    Map<String, Long> crashHost = VcpuState.of(crashVcpu);
    Thread stopped;
    Map<String, String> withDump;
    try (Dispatcher dispatcher = Dispatcher.builder().firmware(() -> instance).start()) {
      assertTrue(set(dispatcher, path, 1).isSuccess());
      assertEquals(host, VcpuState.of(vcpu));
      try (StorageStop stop = storage.add(new StorageStop(Occurrence.first(step)))) {
        CallerThread<CallResult> caller = CallerThread.start(() -> set(dispatcher, path, 2));
        stopped = stop.awaitStopped();
        Map<String, Long> inside = VcpuState.of(vcpu);
        assertEquals(reference.host.space().tables().root(), vcpu.addressSpaceRoot());
        byte[] before = lentForOrdinaryCalls(reference);

        panic(dispatcher);

        long fullMap = reference.host.identity().tables().root();
        assertEquals(Set.of(fullMap), firmware.crashRoots);
        assertArrayEquals(before, lentForOrdinaryCalls(reference));
        assertEquals(inside, VcpuState.of(vcpu), "as the call left it that was stopped");
        withDump = variables();
        stop.release();
        caller.result();
      }
    }
    assertTrue(stopped.join(Patience.LIMIT));
    assertEquals(host, VcpuState.of(vcpu), "as that call found it");
    assertEquals(crashHost, VcpuState.of(crashVcpu));
    assertTrue(withDump.keySet().containsAll(List.of("V", DUMP)), withDump.toString());
    assertEquals(withDump, variables());
  }

  private static void panic(Dispatcher dispatcher) {
    Emergency emergency = dispatcher.beginEmergency(Duration.ZERO);
    assertTrue(emergency.firmwareWasInterrupted());
    assertTrue(emergency.canCallFirmware());
    LongHolder free = new LongHolder();
    assertTrue(
        emergency.queryVariableInfo(7, new LongHolder(), free, new LongHolder()).isSuccess());
    MemorySegment dump = MemorySegment.ofArray(new byte[] {9});
    assertEquals(EfiStatus.SUCCESS, emergency.setVariable(DUMP, GUID, 7, 1, dump).status());
    emergency.end();
  }

  /** Work items and stacks of ordinary calls, guard pages included. */
  private static byte[] lentForOrdinaryCalls(ReferenceHost reference) {
    MemoryRegion arena = reference.machine.arena();
    CallMemory calls = reference.host.context().callMemory(1);
    long callBytes = calls.segment().byteSize();
    long crashBytes = reference.host.crashContext().callMemory(1).segment().byteSize();
    long arrayBytes = calls.physicalAddress().value() - arena.base().value();
    EfiStacks stacks = new ArenaLayout(arena, arrayBytes, callBytes, crashBytes).stacks();
    long stacksOffset = stacks.base().value() - arena.base().value();
    ByteBuffer lent = ByteBuffer.allocate(Math.toIntExact(callBytes + stacks.lengthBytes()));
    lent.put(calls.segment().asByteBuffer());
    lent.put(arena.bytes().asSlice(stacksOffset, stacks.lengthBytes()).asByteBuffer());
    return lent.array();
  }

  private static CallResult set(Dispatcher dispatcher, Path path, int value) {
    MemorySegment data = MemorySegment.ofArray(new byte[] {(byte) value});
    return switch (path) {
      case QUEUED -> dispatcher.runtimeServices().setVariable("V", GUID, 7, 1, data);
      case DIRECT -> dispatcher.nonBlocking().setVariable("V", GUID, 7, 1, data);
    };
  }

  /** What a firmware finds that starts with the bytes as they are now. */
  private Map<String, String> variables() throws NvImageException {
    MemoryStorage copy = MemoryStorage.allocate(storage.sizeBytes());
    copy.write(0, storage.content(), 0, storage.sizeBytes());
    ReferenceFirmware firmware = ReferenceFirmware.builder(NvImage.of(copy)).build();
    Map<String, String> found = new TreeMap<>();
    try (Dispatcher dispatcher = Dispatcher.builder().firmware(firmware).start()) {
      VariableReader reader = new VariableReader(dispatcher.runtimeServices());
      while (reader.next().isSuccess()) {
        found.put(reader.name(), HexFormat.of().formatHex(reader.data()));
      }
    }
    return found;
  }

  /**
   * A context shares nothing that changes with the one for a crash: a thread of a JVM runs on
   * whenever it likes, and the stopped call may leave while the crash entry is inside. So a host
   * that makes its processors itself makes one for each.
   */
  @Test
  void theStoppedCallMayLeaveWhileTheCrashEntryIsInside() {
    EfiHost made = new ReferenceHost(NvImage.inMemory(NvLayout.OVMF_2M)).host;
    FirmwareContext ordinary = made.context();
    FirmwareContext crash = made.crashContext();
    FirmwareContext.SaveArea stopped = ordinary.newSaveArea();
    FirmwareContext.SaveArea panic = crash.newSaveArea();
    ordinary.enter(stopped);
    crash.enter(panic);
    assertEquals(0, ordinary.leave(stopped));
    assertEquals(0, crash.leave(panic), "nothing was broken");
  }

  /** The tables of ordinary calls have nothing to do with it. */
  @Test
  void aFaultOfTheCrashEntryIsExplainedByItsOwnTables() throws InterruptedException {
    EfiHost made = new ReferenceHost(NvImage.inMemory(NvLayout.OVMF_2M)).host;
    FirmwareHold hold = new FirmwareHold();
    ScriptedFirmware firmware =
        new ScriptedFirmware(hold).crashEntry(frame -> frame.memory().getLong(HOLE));
    FirmwareInstance instance = new FirmwareInstance(firmware, made.context(), made.crashContext());
    try (Dispatcher dispatcher = Dispatcher.builder().firmware(() -> instance).start();
        hold) {
      CallerThread<CallResult> stopped = CallerThread.start(() -> set(dispatcher, Path.DIRECT, 1));
      hold.awaitEntered();
      Emergency emergency = dispatcher.beginEmergency(Duration.ZERO);
      CallResult result =
          emergency.queryVariableInfo(7, new LongHolder(), new LongHolder(), new LongHolder());
      assertEquals(Outcome.FAULTED, result.outcome());
      FaultReport report = dispatcher.fault().orElseThrow();
      FirmwareFault fault = assertInstanceOf(FirmwareFault.class, report.thrown());
      assertEquals(made.identity().explain(fault), report.explanation());
      assertNotEquals(made.space().explain(fault), report.explanation());
      emergency.end();
      hold.release();
      stopped.result();
    }
  }
}
