// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * QEMU's debugger connection to an arm64 machine: the way to take a vCPU out of a call that hangs,
 * since a virt board knows no non-maskable interrupt.
 *
 * <p>The order of use: {@link #tryClaim}, {@link #interrupt}, {@link #readRegisters}, {@link
 * #writePc}, {@link #resume}, {@link #release}. Every operation ends by its deadline, a time as of
 * {@link System#nanoTime()}, and says whether it succeeded; it spins, allocates nothing (unless
 * QEMU has just ended), takes no lock, and works on a thread whose interrupt flag is set. QEMU has
 * only one such connection, so the ordinary path and the crash path share it: a claim that fails
 * means that somebody is, or was stopped, in the middle of it.
 *
 * <p>It is connected for the machine's whole life, which costs the machine nothing; its stops by
 * other means are reported here and passed over. No packet is acknowledged when it arrives: a byte
 * that reaches QEMU while the machine runs stops it, and the next command counts as one.
 */
public final class DebuggerLine {
  /**
   * Number of registers read: x0 to x30, then sp, pc, and the processor state (PSTATE, 32 bits).
   */
  public static final int REGISTERS = 34;

  /** Index of sp among the registers. */
  public static final int SP = 31;

  /** Index of pc among the registers, and its number in the target's description. */
  public static final int PC = 32;

  /** Index of the processor state among the registers. */
  public static final int PSTATE = 33;

  private static final int PAYLOAD_BYTES = 16 * 1024;
  private static final int WIDE_DIGITS = 16;

  /** "OK", "E22" or nothing: what most commands are answered with. */
  private static final int LONGEST_WORD = 3;

  private final PolledSocket socket;
  private final AtomicBoolean claimed = new AtomicBoolean();
  private final ByteBuffer input = ByteBuffer.allocateDirect(4096).flip();
  private final GdbPacketReader reader = new GdbPacketReader(PAYLOAD_BYTES);
  private final GdbPacketWriter writer = new GdbPacketWriter();
  // Until a target's description has been read, QEMU answers "P" with an empty packet.
  private final ByteBuffer describe =
      GdbPacketWriter.fixed("", "qXfer:features:read:target.xml:0,ffb");
  // While a packet of its own is not acknowledged, QEMU takes no byte but '+' and '$'; without one
  // pending it takes '+' as it takes 0x03: as a stop if the machine runs, else as nothing. So one
  // of
  // the two stops it, and the command behind them has an answer in any case.
  private final ByteBuffer stop = GdbPacketWriter.fixed("+\u0003", "Hg0");
  private final ByteBuffer readAll = GdbPacketWriter.fixed("", "g");
  private final ByteBuffer goOn = GdbPacketWriter.fixed("", "c");

  private DebuggerLine(PolledSocket socket) {
    this.socket = socket;
  }

  /**
   * Takes over a fresh connection and rehearses every operation but {@link #resume} on the machine,
   * which stands still and is left as it is.
   *
   * @throws MachineException if QEMU does not answer as expected in time
   */
  static DebuggerLine over(PolledSocket socket, long deadline) {
    DebuggerLine line = new DebuggerLine(socket);
    long[] registers = new long[REGISTERS];
    if (!line.interrupt(deadline)
        || !line.askForContents(line.describe, deadline)
        || !line.readRegisters(registers, deadline)
        || !line.writePc(registers[PC], deadline)) {
      throw new MachineException(
          "QEMU's debugger must answer in time: last payload=" + line.lastPayload());
    }
    return line;
  }

  /**
   * Takes the line for this thread; never waits.
   *
   * @return whether it was free
   */
  public boolean tryClaim() {
    return claimed.compareAndSet(false, true);
  }

  /** Gives the line back. */
  public void release() {
    claimed.set(false);
  }

  /**
   * Stops the vCPU, wherever it is; no effect on one that stands still.
   *
   * @param deadline latest time
   * @return whether it stands still now
   */
  public boolean interrupt(long deadline) {
    return askForOk(stop, deadline);
  }

  /**
   * Reads the registers of a vCPU that stands still.
   *
   * @param into at least {@link #REGISTERS} words, overwritten
   * @param deadline latest time
   * @return whether they were read
   * @throws IndexOutOfBoundsException if {@code into} is too short
   */
  public boolean readRegisters(long[] into, long deadline) {
    if (!askForContents(readAll, deadline)) {
      return false;
    }
    int digits = PSTATE * WIDE_DIGITS;
    boolean read = register(into, PSTATE, digits, WIDE_DIGITS / 2);
    for (int i = 0; i < PSTATE; i++) {
      read &= register(into, i, i * WIDE_DIGITS, WIDE_DIGITS);
    }
    return read;
  }

  /**
   * Changes where a vCPU that stands still goes on.
   *
   * @param pc an address as the guest sees it
   * @param deadline latest time
   * @return whether it was written
   */
  public boolean writePc(long pc, long deadline) {
    return askForOk(writer.writeRegister(PC, pc), deadline);
  }

  /**
   * Lets the vCPU go on.
   *
   * @param deadline latest time
   * @return whether QEMU took the command
   */
  public boolean resume(long deadline) {
    return send(goOn, deadline) && await(GdbPacketReader.ACCEPTED, deadline);
  }

  /** Throws away reports of stops by other means, unless somebody uses the line. */
  void drain() {
    if (tryClaim()) {
      try {
        await(GdbPacketReader.DAMAGED, System.nanoTime());
      } finally {
        release();
      }
    }
  }

  private boolean askForOk(ByteBuffer command, long deadline) {
    if (!ask(command, deadline)) {
      return false;
    }
    while (reader.length() > LONGEST_WORD) {
      if (!awaitAnswer(deadline)) {
        return false;
      }
    }
    return reader.isOk();
  }

  private boolean askForContents(ByteBuffer command, long deadline) {
    if (!ask(command, deadline)) {
      return false;
    }
    while (reader.isOk()) {
      if (!awaitAnswer(deadline)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Sends a command and waits for an answer. It may be that to a command before, which was given up
   * on. QEMU answers in order, so who passes over answers of the other kind catches up: were each
   * taken for the last command's, one late answer would make all later ones late.
   */
  private boolean ask(ByteBuffer command, long deadline) {
    await(GdbPacketReader.DAMAGED, System.nanoTime());
    return send(command, deadline) && awaitAnswer(deadline);
  }

  /** Waits for a packet that answers a command and is not a report of a stop. */
  private boolean awaitAnswer(long deadline) {
    while (await(GdbPacketReader.PACKET, deadline)) {
      if (reader.payload(0) != 'T' && reader.payload(0) != 'S') {
        return true;
      }
    }
    return false;
  }

  private boolean send(ByteBuffer command, long deadline) {
    command.rewind();
    try {
      do {
        socket.write(command);
        if (!command.hasRemaining()) {
          return true;
        }
        Thread.onSpinWait();
      } while (System.nanoTime() - deadline < 0);
    } catch (IOException | OutOfMemoryError e) {
      // Java makes an exception of a broken pipe, with a full heap even another one.
      return false;
    }
    return false;
  }

  /** Reads up to the next byte that means this; anything damaged ends the wait. */
  private boolean await(int what, long deadline) {
    try {
      while (true) {
        while (input.hasRemaining()) {
          int found = reader.take(input.get());
          if (found == what || found == GdbPacketReader.DAMAGED) {
            return found == what;
          }
        }
        int count = socket.read(input.clear());
        input.flip();
        if (count < 0 || count == 0 && System.nanoTime() - deadline >= 0) {
          return false;
        }
        Thread.onSpinWait();
      }
    } catch (IOException | OutOfMemoryError e) {
      input.clear().flip();
      return false;
    }
  }

  private boolean register(long[] into, int index, int from, int digits) {
    long value = 0;
    for (int i = digits - 2; i >= 0; i -= 2) {
      int high = Hex.digit(reader.payload(from + i));
      int low = Hex.digit(reader.payload(from + i + 1));
      if (high < 0 || low < 0) {
        return false;
      }
      value = value << 8 | high << 4 | low;
    }
    into[index] = value;
    return true;
  }

  private String lastPayload() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(reader.length(), 80); i++) {
      text.append((char) reader.payload(i));
    }
    return text.toString();
  }
}
