/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the efi-rts authors */

/*
 * Calls on x86-64. A call runs with the host's page tables in CR3, in which this image and the mailbox
 * are mapped where they lie; nothing else of the agent's is. All that is kept over a call lies in .data.
 */
#include "mailbox.h"

        .set MSR_EFER, 0xC0000080

        .data
        .balign 16
own_rsp:        .quad 0
own_cr0:        .quad 0
own_cr3:        .quad 0
own_cr4:        .quad 0
own_efer:       .quad 0
call_registers: .quad 0
call_flags:     .quad 0
call_target:    .quad 0
saved_rax:      .quad 0
call_ending:    .quad 0

        .bss
        .balign 16
        .zero 8192
own_stack:

        .text
        .globl processor_serve
processor_serve:
        leaq own_stack(%rip), %rsp
        subq $40, %rsp
        call agent_serve
        hlt

/* rcx: GDTR, rdx: IDTR, r8: selector of the task state. */
        .globl x86_load_tables
x86_load_tables:
        lgdt (%rcx)
        lidt (%rdx)
        movw $0x10, %ax
        movw %ax, %ds
        movw %ax, %es
        movw %ax, %fs
        movw %ax, %gs
        movw %ax, %ss
        ltr %r8w
        popq %rax
        pushq $0x08
        pushq %rax
        lretq

/* rcx: registers, rdx: flags. Microsoft's convention, in which rbx, rbp, rsi, rdi, r12-r15 are kept. */
        .globl processor_call
processor_call:
        pushq %rbx
        pushq %rbp
        pushq %rsi
        pushq %rdi
        pushq %r12
        pushq %r13
        pushq %r14
        pushq %r15
        movq %rcx, call_registers(%rip)
        movq %rdx, call_flags(%rip)
        movq %rsp, own_rsp(%rip)
        movq %rcx, %rbx
        movq %rdx, %rbp

/* First, while floating point is the agent's to use: the host's CR0 may forbid it. */
        testl $FLAG_LOAD_FP, %ebp
        jz 1f
        fxrstor64 REG_FP(%rbx)
1:
        movl $MSR_EFER, %ecx
        rdmsr
        shlq $32, %rdx
        orq %rdx, %rax
        movq %rax, own_efer(%rip)
        cmpq %rax, REG_EFER(%rbx)
        je 1f
        movl REG_EFER(%rbx), %eax
        movl REG_EFER+4(%rbx), %edx
        wrmsr
1:      movq %cr4, %rax
        movq %rax, own_cr4(%rip)
        movq REG_CR4(%rbx), %rdx
        cmpq %rax, %rdx
        je 1f
        movq %rdx, %cr4
1:      movq %cr0, %rax
        movq %rax, own_cr0(%rip)
        movq REG_CR0(%rbx), %rdx
        cmpq %rax, %rdx
        je 1f
        movq %rdx, %cr0
1:      movq REG_RIP(%rbx), %rax
        movq %rax, call_target(%rip)
        movq %cr3, %rax
        movq %rax, own_cr3(%rip)
        movq REG_CR3(%rbx), %rdx
        cmpq %rax, %rdx
        jne 1f
        cmpq $0, REG_FLUSH(%rbx)
        je 2f
1:      movq %rdx, %cr3
/* Global pages are forgotten when CR4.PGE changes. */
        movq %cr4, %rax
        testl $0x80, %eax
        jz 2f
        movq %rax, %rdx
        andq $~0x80, %rdx
        movq %rdx, %cr4
        movq %rax, %cr4
2:      movq $0, REG_FLUSH(%rbx)

        movq agent_mailbox(%rip), %rax
        movq $1, INSIDE(%rax)
        pushq REG_RFLAGS(%rbx)
        popfq
        movq REG_RAX(%rbx), %rax
        movq REG_RCX(%rbx), %rcx
        movq REG_RDX(%rbx), %rdx
        movq REG_RSP(%rbx), %rsp
        movq REG_RBP(%rbx), %rbp
        movq REG_RSI(%rbx), %rsi
        movq REG_RDI(%rbx), %rdi
        movq REG_R8(%rbx), %r8
        movq REG_R9(%rbx), %r9
        movq REG_R10(%rbx), %r10
        movq REG_R11(%rbx), %r11
        movq REG_R12(%rbx), %r12
        movq REG_R13(%rbx), %r13
        movq REG_R14(%rbx), %r14
        movq REG_R15(%rbx), %r15
        movq REG_RBX(%rbx), %rbx
        jmpq *call_target(%rip)

        .globl processor_unwind
processor_unwind:
        movq $ENDING_UNWOUND, call_ending(%rip)
        jmp 1f
/* Firmware comes back here, with its result in rax and the stack pointer above its return address. */
        .globl processor_return
processor_return:
        movq $ENDING_RETURNED, call_ending(%rip)
1:      movq %rax, saved_rax(%rip)
        movq call_registers(%rip), %rax
        movq %rsp, REG_RSP(%rax)
        movq own_rsp(%rip), %rsp
        pushfq
        popq REG_RFLAGS(%rax)
        cli
        cld
        movq $-1, REG_VECTOR(%rax)
        movq %rcx, REG_RCX(%rax)
        leaq processor_return(%rip), %rcx
        movq %rcx, REG_RIP(%rax)
        call store_registers

/* Firmware's system registers are stored, and the agent's are back. */
leave:
        movq call_registers(%rip), %rbx
        movq %cr3, %rax
        movq %rax, REG_CR3(%rbx)
        movq own_cr3(%rip), %rdx
        cmpq %rax, %rdx
        je 1f
        movq %rdx, %cr3
1:      movq %cr0, %rax
        movq %rax, REG_CR0(%rbx)
        movq own_cr0(%rip), %rdx
        cmpq %rax, %rdx
        je 1f
        movq %rdx, %cr0
1:      movq %cr4, %rax
        movq %rax, REG_CR4(%rbx)
        movq own_cr4(%rip), %rdx
        cmpq %rax, %rdx
        je 1f
        movq %rdx, %cr4
1:      movl $MSR_EFER, %ecx
        rdmsr
        movl %eax, REG_EFER(%rbx)
        movl %edx, REG_EFER+4(%rbx)
        movl own_efer(%rip), %r8d
        movl own_efer+4(%rip), %r9d
        cmpl %eax, %r8d
        jne 1f
        cmpl %edx, %r9d
        je 2f
1:      movl %r8d, %eax
        movl %r9d, %edx
        wrmsr
2:      testl $FLAG_SAVE_FP, call_flags(%rip)
        jz 1f
        fxsave64 REG_FP(%rbx)
1:      movq agent_mailbox(%rip), %rax
        movq $0, INSIDE(%rax)
        movq call_ending(%rip), %rax
        popq %r15
        popq %r14
        popq %r13
        popq %r12
        popq %rdi
        popq %rsi
        popq %rbp
        popq %rbx
        ret

/* rax: registers; those that are as they were are stored, and rax from saved_rax. Keeps rax; uses rcx. */
store_registers:
        movq %rdx, REG_RDX(%rax)
        movq %rbx, REG_RBX(%rax)
        movq %rbp, REG_RBP(%rax)
        movq %rsi, REG_RSI(%rax)
        movq %rdi, REG_RDI(%rax)
        movq %r8, REG_R8(%rax)
        movq %r9, REG_R9(%rax)
        movq %r10, REG_R10(%rax)
        movq %r11, REG_R11(%rax)
        movq %r12, REG_R12(%rax)
        movq %r13, REG_R13(%rax)
        movq %r14, REG_R14(%rax)
        movq %r15, REG_R15(%rax)
        movq saved_rax(%rip), %rcx
        movq %rcx, REG_RAX(%rax)
        ret

/* Entries of 16 bytes. The processor pushes an error code for some vectors; the others get a 0. */
        .balign 16
        .globl x86_vectors
x86_vectors:
        .set vector, 0
        .rept 256
        .balign 16
        .if (vector == 8) || ((vector >= 10) && (vector <= 14)) || (vector == 17) || (vector == 21) || (vector == 29) || (vector == 30)
        .else
        pushq $0
        .endif
        pushq $vector
        jmp exception
        .set vector, vector + 1
        .endr

/* On the stack: vector, error code, rip, cs, rflags, rsp, ss. */
exception:
        cld
        movq %rax, saved_rax(%rip)
        movq agent_mailbox(%rip), %rax
        cmpq $0, INSIDE(%rax)
        je outside
        movq call_registers(%rip), %rax
        movq %rcx, REG_RCX(%rax)
        popq %rcx
        movq %rcx, REG_VECTOR(%rax)
        movq $ENDING_FAULT, call_ending(%rip)
        cmpq $2, %rcx
        jne 1f
        movq $ENDING_UNWOUND, call_ending(%rip)
1:      popq REG_ERROR(%rax)
        movq 0(%rsp), %rcx
        movq %rcx, REG_RIP(%rax)
        movq 16(%rsp), %rcx
        movq %rcx, REG_RFLAGS(%rax)
        movq 24(%rsp), %rcx
        movq %rcx, REG_RSP(%rax)
        movq %cr2, %rcx
        movq %rcx, REG_CR2(%rax)
        call store_registers
/* Returning from the exception lets the next NMI in. */
        leaq leave(%rip), %rcx
        movq %rcx, 0(%rsp)
        movq $2, 16(%rsp)
        movq own_rsp(%rip), %rcx
        movq %rcx, 24(%rsp)
        iretq

/* An NMI that came too late is counted. Anything else is the agent's own end. */
outside:
        cmpq $2, (%rsp)
        jne 1f
        incq LATE_INTERRUPTS(%rax)
        movq saved_rax(%rip), %rax
        addq $16, %rsp
        iretq
1:      popq REG_VECTOR+FOUND_REGISTERS(%rax)
        popq REG_ERROR+FOUND_REGISTERS(%rax)
        popq REG_RIP+FOUND_REGISTERS(%rax)
        movq %cr2, %rcx
        movq %rcx, REG_CR2+FOUND_REGISTERS(%rax)
        movq $1, AGENT_FAULT(%rax)
        movq REQUEST(%rax), %rcx
        movq %rcx, RESPONSE(%rax)
1:      hlt
        jmp 1b
